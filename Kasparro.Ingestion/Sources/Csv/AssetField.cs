using System.Globalization;
using System.Text;

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
        ["symbol", "ticker", "ticker_symbol", "coin_symbol", "asset_symbol", "token_symbol"],
        ["name", "asset_name", "coin_name", "token_name", "coin", "cryptocurrency"],
        [
            "price_usd", "price", "current_price", "last_price", "latest_price", "spot_price", "close_price", "closing_price", "close",
            "last",
        ],
        ["market_cap", "market_cap_usd", "mcap", "mkt_cap", "market_capitalization", "market_capitalisation"],
        [
            "volume_24h", "volume", "total_volume", "volume_24h_usd", "24h_volume", "trading_volume", "trading_volume_24h",
            "24h_trading_volume",
            "vol", "vol_24h", "24h_vol",
        ],
        ["rank", "market_cap_rank", "coin_rank", "cmc_rank", "#"],
        ["circulating_supply", "circ_supply", "available_supply"],
        ["total_supply"],
        ["max_supply", "maximum_supply"],
        [
            "updated_at", "last_updated", "last_updated_at", "last_update", "quoted_at", "snapped_at", "timestamp", "unix", "unix_time",
            "unix_timestamp", "epoch", "date_time", "date", "time", "as_of",
        ],
    ];

    /// <summary>Words of a header that say in what its field is measured, which each field has one answer to.</summary>
    private static readonly string[] MoneyUnits = ["usd", "dollars", "dollar", "in"];
    private static readonly string[] CoinUnits = ["coins", "coin", "tokens", "token", "units", "in"];
    private static readonly string[] TimeUnits =
    [
        "utc", "gmt", "iso", "8601", "iso8601", "s", "sec", "seconds", "ms", "milliseconds", "us", "microseconds", "ns", "nanoseconds",
        "in",
    ];

    public static int Count => Aliases.Length;

    /// <summary>The fields' names, as settings and messages use them.</summary>
    public static IEnumerable<string> Names => Aliases.Select(names => names[0]);

    public static string GetName(AssetField field) => Aliases[(int)field][0];

    public static IReadOnlyList<string> GetAliases(AssetField field) => Aliases[(int)field];

    public static bool IsNumber(AssetField field) => field is >= AssetField.PriceUsd and <= AssetField.MaxSupply;

    public static bool IsSupply(AssetField field) => field is >= AssetField.CirculatingSupply and <= AssetField.MaxSupply;

    /// <summary>
    /// A header name as it is compared: <c>Price USD</c>, <c>price-usd</c>, <c>PRICE_USD</c> and <c>Price (USD)*</c> are one.
    /// </summary>
    public static string Key(string header) => string.Concat(Words(header));

    /// <summary>
    /// A header name without the unit of a field: <c>Market Cap ($)</c> is <c>marketcap</c>; <c>Price (EUR)</c> stays what it is.
    /// </summary>
    public static string KeyWithoutUnit(string header, AssetField field)
    {
        string[] units = field switch
        {
            AssetField.PriceUsd or AssetField.MarketCap or AssetField.Volume24h => MoneyUnits,
            AssetField.CirculatingSupply or AssetField.TotalSupply or AssetField.MaxSupply => CoinUnits,
            AssetField.UpdatedAt => TimeUnits,
            _ => [],
        };
        var key = string.Concat(Words(header).Where(word => !units.Contains(word, StringComparer.Ordinal)));
        return field is AssetField.Volume24h
            ? key.Replace("24hours", "24h", StringComparison.Ordinal).Replace("24hour", "24h", StringComparison.Ordinal)
                .Replace("24hrs", "24h", StringComparison.Ordinal).Replace("24hr", "24h", StringComparison.Ordinal)
            : key;
    }

    /// <summary>
    /// The words of a header in lower case. Punctuation, footnote signs, sort arrows and marks that no one sees fall away; dollars are a
    /// word, and so is what makes it another column: other currencies and the percent sign.
    /// </summary>
    private static List<string> Words(string header)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var former = '\0';
        foreach (var c in header)
        {
            var category = char.GetUnicodeCategory(c);
            if (category is UnicodeCategory.Format)
            {
                continue;
            }

            if (char.IsLetter(c) || char.IsAsciiDigit(c))
            {
                if (char.IsUpper(c) && char.IsLower(former))
                {
                    EndWord();
                }

                word.Append(char.ToLowerInvariant(c));
            }
            else
            {
                EndWord();
                if (c is '$' or '\uFF04')
                {
                    words.Add("usd");
                }
                else if (c is '%' or '\u2030' || category is UnicodeCategory.CurrencySymbol)
                {
                    words.Add(c.ToString());
                }
            }

            former = c;
        }

        EndWord();
        DropFootnotes(header, words);
        return words.Count == 0 && header.Contains('#') ? ["#"] : words;

        void EndWord()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }

    /// <summary>Drops a footnote's number or letter at the end, <c>Price [1]</c>, and the first half of <c>US$</c>.</summary>
    private static void DropFootnotes(string header, List<string> words)
    {
        if (words.Count > 1 && words[^1].Length == 1 && header.TrimEnd().EndsWith($"[{words[^1]}]", StringComparison.OrdinalIgnoreCase))
        {
            words.RemoveAt(words.Count - 1);
        }

        for (var i = words.Count - 1; i > 0; i--)
        {
            if (words[i] is "usd" && words[i - 1] is "us")
            {
                words.RemoveAt(i - 1);
            }
        }
    }
}
