using System.Text.Json;

namespace Kasparro.Api.Catalogue;

/// <summary>What <c>/data</c> can show of a row, and sort rows by; the order is that of the JSON.</summary>
[Flags]
internal enum DataFieldSet
{
    None = 0,
    Symbol = 1,
    Name = 1 << 1,
    PriceUsd = 1 << 2,
    MarketCap = 1 << 3,
    Source = 1 << 4,
    AssetId = 1 << 5,
    UpdatedAt = 1 << 6,
    Volume24h = 1 << 7,
    Rank = 1 << 8,
    IsActive = 1 << 9,

    /// <summary>What a row shows unless asked for others.</summary>
    Default = Symbol | Name | PriceUsd | MarketCap | Source | AssetId | UpdatedAt,
}

/// <summary>One field: its public name, where it is in the tables, and how a cursor holds its value.</summary>
/// <param name="Flag">Its flag.</param>
/// <param name="Name">Its name in queries and in JSON.</param>
/// <param name="Kind">The type of its values.</param>
/// <param name="AssetSql">The expression over <c>assets AS a</c>.</param>
/// <param name="ListingSql">The expression over <c>listings AS l</c>.</param>
internal sealed record DataField(DataFieldSet Flag, string Name, FieldKind Kind, string AssetSql, string ListingSql)
{
    /// <summary>The order that <c>/data</c> has by default.</summary>
    public static readonly DataField MarketCap = new(DataFieldSet.MarketCap, "market_cap", FieldKind.Number, "a.market_cap_usd",
        "l.market_cap_usd");

    /// <summary>Every field, in the order of the JSON. Text sorts by code point, the same on every server.</summary>
    public static IReadOnlyList<DataField> All { get; } =
    [
        new(DataFieldSet.Symbol, "symbol", FieldKind.Text, "a.symbol COLLATE \"C\"", "l.symbol COLLATE \"C\""),
        new(DataFieldSet.Name, "name", FieldKind.Text, "a.name COLLATE \"C\"", "l.name COLLATE \"C\""),
        new(DataFieldSet.PriceUsd, "price_usd", FieldKind.Number, "a.price_usd", "l.price_usd"),
        MarketCap,
        new(DataFieldSet.Source, "source", FieldKind.Text, "a.source COLLATE \"C\"", "l.source COLLATE \"C\""),
        new(DataFieldSet.AssetId, "asset_id", FieldKind.Id, "a.asset_id", "l.asset_id"),
        new(DataFieldSet.UpdatedAt, "updated_at", FieldKind.Time, "a.updated_at", "coalesce(l.quoted_at, l.updated_at)"),
        new(DataFieldSet.Volume24h, "volume_24h", FieldKind.Number, "a.volume_24h_usd", "l.volume_24h_usd"),
        new(DataFieldSet.Rank, "rank", FieldKind.Whole, "a.rank", "l.rank"),
        new(DataFieldSet.IsActive, "is_active", FieldKind.Truth, "a.is_active", "l.is_active"),
    ];

    /// <summary><see cref="Name"/>, ready to be written.</summary>
    public JsonEncodedText JsonName { get; } = JsonEncodedText.Encode(Name);

    /// <summary>The names of all fields, as an error lists them.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(field => field.Name));

    /// <summary>The field of this name, in any case; null where there is none.</summary>
    public static DataField? Find(ReadOnlySpan<char> name)
    {
        foreach (var field in All)
        {
            if (name.Equals(field.Name, StringComparison.OrdinalIgnoreCase))
            {
                return field;
            }
        }

        return null;
    }
}

/// <summary>The types that fields have.</summary>
internal enum FieldKind
{
    Text,
    Number,
    Whole,
    Time,
    Id,
    Truth,
}
