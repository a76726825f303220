namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>The fields that a CSV column can hold; every other column is kept in the payload only.</summary>
internal enum AssetField
{
    Id,
    Symbol,
    Name,
    PriceUsd,
    MarketCap,
    Volume24h,
    Rank,
    CirculatingSupply,
    TotalSupply,
    MaxSupply,
    UpdatedAt,
}

/// <summary>The header names by which each field is known.</summary>
internal static class AssetFields
{
    /// <summary>
    /// The names, by field, the most telling first: a file that has two of them means the first. The very first names the field.
    /// </summary>
    private static readonly string[][] Aliases =
    [
        ["id", "coin_id", "asset_id", "external_id"],
        ["symbol", "ticker"],
        ["name", "asset_name"],
        ["price_usd", "price", "current_price"],
        ["market_cap", "market_cap_usd"],
        ["volume_24h", "volume", "total_volume", "volume_24h_usd"],
        ["rank", "market_cap_rank"],
        ["circulating_supply"],
        ["total_supply"],
        ["max_supply"],
        ["updated_at", "last_updated", "timestamp"],
    ];

    public static int Count => Aliases.Length;

    /// <summary>The fields' names, as settings and messages use them.</summary>
    public static IEnumerable<string> Names => Aliases.Select(names => names[0]);

    public static string NameOf(AssetField field) => Aliases[(int)field][0];

    public static IReadOnlyList<string> AliasesOf(AssetField field) => Aliases[(int)field];

    public static bool IsNumber(AssetField field) => field is >= AssetField.PriceUsd and <= AssetField.MaxSupply;

    /// <summary>A header name as it is compared: <c>Price USD</c>, <c>price-usd</c> and <c>PRICE_USD</c> are one.</summary>
    public static string Key(string header) =>
        string.Concat(header.Where(c => !char.IsWhiteSpace(c) && c is not ('_' or '-'))).ToLowerInvariant();
}
