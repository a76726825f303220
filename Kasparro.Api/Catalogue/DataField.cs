using System.Text.Json;

namespace Kasparro.Api.Catalogue;

/// <summary>The fields that <c>/data</c> can show and sort by, in the order of the JSON.</summary>
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

    /// <summary>The fields that are shown by default.</summary>
    Default = Symbol | Name | PriceUsd | MarketCap | Source | AssetId | UpdatedAt,
}

/// <summary>A field: its public name, its SQL expressions, and its type, which determines how a cursor stores its value.</summary>
/// <param name="Flag">The field's flag.</param>
/// <param name="Name">The name in queries and in JSON.</param>
/// <param name="Kind">The type of the field's values.</param>
/// <param name="AssetSql">The expression over <c>assets AS a</c>.</param>
/// <param name="ListingSql">The expression over <c>listings AS l</c>.</param>
internal sealed record DataField(DataFieldSet Flag, string Name, FieldKind Kind, string AssetSql, string ListingSql)
{
    /// <summary>The default sort field of <c>/data</c>.</summary>
    public static readonly DataField MarketCap = new(DataFieldSet.MarketCap, "market_cap", FieldKind.Number, "a.market_cap_usd",
        "l.market_cap_usd");

    /// <summary>All fields, in the order of the JSON. Text sorts by code point, which is the same on every server.</summary>
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

    /// <summary>The names of all fields, for error messages.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(field => field.Name));

    /// <summary>Finds the field of this name, in any case; null if there is none.</summary>
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

/// <summary>The types of fields.</summary>
internal enum FieldKind
{
    Text,
    Number,
    Whole,
    Time,
    Id,
    Truth,
}
