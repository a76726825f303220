namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>The fields that a CSV column can hold. All other columns are kept in the payload only.</summary>
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

    /// <summary>The time of day, if <see cref="UpdatedAt"/> is a date.</summary>
    TimeOfDay,

    /// <summary>The currency of the row's prices.</summary>
    QuoteCurrency,

    /// <summary>The time zone of times that do not include one.</summary>
    TimeZone,
}

/// <summary>The header names by which each field is known.</summary>
internal static class AssetFields
{
    /// <summary>Names of columns that hold a date; the time of day may be in another column.</summary>
    private static readonly string[] Dates =
    [
        "date", "quote_date", "price_date", "snapshot_date", "trade_date", "trading_date", "as_of_date", "update_date", "valuation_date",
        "pricing_date", "report_date", "data_date", "effective_date", "day", "datum", "fecha",
    ];

    /// <summary>
    /// The names by field, most specific first: if a file has several, the first one counts. The first is the field's own name.
    /// </summary>
    private static readonly string[][] Aliases =
    [
        ["id", "coin_id", "asset_id", "external_id", "slug"],
        ["symbol", "ticker", "ticker_symbol", "coin_symbol", "asset_symbol", "token_symbol", "coin_code", "asset_code", "code"],
        [
            "name", "asset_name", "coin_name", "token_name", "cryptocurrency_name", "crypto_name", "currency_name", "coin",
            "cryptocurrency", "token", "asset", "full_name", "project", "project_name",
        ],
        [
            "price_usd", "price", "current_price", "last_price", "latest_price", "spot_price", "market_price", "token_price",
            "last_traded_price", "close_price", "closing_price", "price_close", "close", "close_last", "last", "price_intraday",
            "adj_close", "latest", "live_price", "prices",
        ],
        [
            "market_cap", "market_cap_usd", "mcap", "mkt_cap", "market_capitalization", "market_capitalisation", "market_cap_circulating",
            "circulating_market_cap", "current_market_cap", "cap_mrkt_cur_usd", "market_caps",
        ],
        [
            "volume_24h", "quote_asset_volume", "quote_volume", "volume_quote", "vol_quote", "volume_to", "total_volume_24h_to",
            "volume_24hour_to", "vol_ccy_24h", "vol_value", // Next to these, "volume" is in coins.
            "volume", "total_volume", "volume_24h_usd", "24h_volume", "trading_volume", "trading_volume_24h", "24h_trading_volume", "vol",
            "vol_24h", "24h_vol", "volume24", "total_volume_24h", "daily_volume", "volume_currency_24h", "total_volumes",
        ],
        ["rank", "market_cap_rank", "coin_rank", "cmc_rank", "ranknow", "#"],
        ["circulating_supply", "circ_supply", "available_supply", "csupply"],
        ["total_supply", "tsupply"],
        ["max_supply", "maximum_supply", "msupply"],
        [
            "updated_at", "last_updated", "last_updated_at", "last_update", "quoted_at", "snapped_at", "timestamp", "unix", "unix_time",
            "unix_timestamp", "epoch", "date_time", "quote_timestamp", "price_timestamp", .. Dates, "time", "as_of", "ts", "quote_time",
            "price_time", "time_close", "close_time", "time_period_end", "time_open", "open_time", "snapshot_time", "snapshot_timestamp",
            "snapshot_at", "updated_on", "update_time", "updated_time", "last_update_time", "updated", "last_modified", "last_trade_time",
            "block_timestamp", "minute", "hour", "recorded_at", "observed_at", "captured_at", "zeitstempel", "zeitpunkt", "datum_zeit",
            "fecha_hora", "dt", "event_time", "bar_time", "candle_time", "window_start", "last_refreshed", "stand",
            "fetched_at", "retrieved_at", "collected_at", "scraped_at", "crawled_at", "extracted_at", "exported_at", "downloaded_at",
            "export_date", "extraction_date", "retrieved_on", // Times of the export come last.
        ],
        ["time_of_day", "time", "clock", "hour", "trade_time", "time_of_trade", "uhrzeit", "zeit", "hora", "heure"],
        ["quote_currency", "vs_currency", "price_currency", "counter_currency", "quote_asset"],
        ["time_zone", "tz", "utc_offset", "gmt_offset", "tz_offset", "zeitzone"],
    ];

    /// <summary>Names that mean the currency of prices in some files and the asset or something else in others; the cells decide.</summary>
    public static readonly IReadOnlyList<string> PossibleCurrencies =
    [
        "currency", "quote", "ccy", "price_ccy", "quote_ccy", "currency_code", "currency_symbol", "quote_symbol", "fiat", "fiat_currency",
        "w\u00E4hrung", "waehrung", "devise", "divisa", "moneda", "moeda", "valuta",
    ];

    /// <summary>
    /// Words of headers whose columns are likewise, but the cells must be currency codes or signs, or pairs: some files have other words
    /// there.
    /// </summary>
    public static readonly HashSet<string> CurrencyWords = new(StringComparer.Ordinal)
    {
        "currency", "ccy", "cur", "curr", "waluta", "monnaie", "unit", "denomination", "priced", "quoted", "in", "counter", "vs", "to",
        "tosymbol", "convert", "target", "pair", "pairs", "market", "product", "instrument", "contract", "wsname", "quote", "against", "fx",
        "denom", "iso", "tsym", "settle", "settlement", "w\u00E4hrung", "waehrung", "devise",
    };

    /// <summary>Words of headers whose columns have other currencies or pairs than the prices'.</summary>
    public static readonly HashSet<string> OtherCurrencyWords =
    [
        "base", "native", "gas", "fee", "country", "region", "top", "most", "chain", "network", "platform", "peg", "pegged", "backing",
        "backed", "collateral", "underlying", "bridged",
    ];

    /// <summary>Words of a header that name the unit its field is always measured in.</summary>
    private static readonly string[] MoneyUnits = ["usd", "dollars", "dollar", "in"];
    private static readonly string[] PriceUnits = [.. MoneyUnits, "per", "coin", "token"];
    private static readonly string[] CoinUnits = ["coins", "coin", "tokens", "token", "units", "in"];
    private static readonly string[] TimeUnits =
    [
        "utc", "gmt", "iso", "8601", "iso8601", "s", "sec", "seconds", "ms", "milliseconds", "us", "microseconds", "ns", "nanoseconds",
        "in", "0", "00", // UTC+0, UTC+00:00
    ];

    /// <summary>The aliases in the form in which they are compared, by field.</summary>
    private static readonly string[][] AliasKeys = Array.ConvertAll(Aliases, names => Array.ConvertAll(names, Key));

    /// <summary>The same keys without units.</summary>
    private static readonly HashSet<string>[] BareKeys =
    [
        .. Aliases.Select((names, i) =>
            names.Select(name => KeyWithoutUnit(HeaderWords.Split(name), (AssetField)i)).ToHashSet(StringComparer.Ordinal)),
    ];

    public static int Count => Aliases.Length;

    /// <summary>The fields' names, as settings and messages use them.</summary>
    public static IEnumerable<string> Names => Aliases.Select(names => names[0]);

    public static string GetName(AssetField field) => Aliases[(int)field][0];

    public static IReadOnlyList<string> GetAliases(AssetField field) => Aliases[(int)field];

    /// <summary>The field's names as <see cref="Key(string)"/> returns them.</summary>
    public static IReadOnlyList<string> GetAliasKeys(AssetField field) => AliasKeys[(int)field];

    public static bool IsNumber(AssetField field) => field is >= AssetField.PriceUsd and <= AssetField.MaxSupply;

    /// <summary>Whether a field is an amount of dollars or coins.</summary>
    public static bool IsAmount(AssetField field) => IsMoney(field) || IsSupply(field);

    public static bool IsSupply(AssetField field) => field is >= AssetField.CirculatingSupply and <= AssetField.MaxSupply;

    public static bool IsTime(AssetField field) => field is AssetField.UpdatedAt or AssetField.TimeOfDay;

    /// <summary>Whether a header names a date, whose time of day may be in another column.</summary>
    public static bool IsDate(string header) =>
        Dates.Select(Key).Contains(KeyWithoutUnit(HeaderWords.Split(header), AssetField.UpdatedAt), StringComparer.Ordinal);

    /// <summary>Whether a header says that its money is in dollars.</summary>
    public static bool IsInDollars(List<HeaderWord> words, AssetField field) =>
        IsMoney(field) && words.Exists(word => word.Text is "usd" or "dollar" or "dollars");

    /// <summary>Whether a text is a header of the field with the given factor.</summary>
    public static bool IsHeader(string text, AssetField field, double factor)
    {
        var words = HeaderWords.Split(text);
        string[] keys = [Key(words), KeyWithoutUnit(words, field)];
        return GetAliasKeys(field).Intersect(keys, StringComparer.Ordinal).Any() && GetFactor(text, field) == factor;
    }

    /// <summary>The key by which a header is compared, the same for <c>Price USD</c>, <c>PRICE_USD</c> and <c>Price (USD)*</c>.</summary>
    public static string Key(string header) => Key(HeaderWords.Split(header));

    /// <summary>
    /// Splits a header's names into words. In CoinMarketCap's histories, <c>name</c> is the id of a currency and yields no words.
    /// </summary>
    public static List<List<HeaderWord>> Split(IReadOnlyList<string> header)
    {
        var names = header.Select(HeaderWords.Split).ToList();
        var isCoinMarketCap = names.Exists(words => Key(words) is "timehigh") && names.Exists(words => Key(words) is "timelow");
        return isCoinMarketCap ? names.ConvertAll(words => Key(words) is "name" ? [] : words) : names;
    }

    public static string Key(IEnumerable<HeaderWord> words) => string.Concat(words.Select(word => word.Text));

    /// <summary>
    /// A header name without the unit of a field: <c>Market Cap ($)</c> and <c>Market Cap (in billions)</c> are <c>marketcap</c>;
    /// <c>Price (EUR)</c> keeps its unit. A field's path in a document is removed as well: <c>quote.USD.price</c> is <c>price</c>.
    /// </summary>
    public static string KeyWithoutUnit(List<HeaderWord> words, AssetField field)
    {
        var canScale = field is not AssetField.PriceUsd && IsAmount(field);
        var key = Key(WithoutPlace(words, field)
            .Where(i => !IsUnit(words, i, field) && !(canScale && GetFactor(words, i) != 1))
            .Select(i => words[i]));
        return field is AssetField.Volume24h
            ? key.Replace("24hours", "24h", StringComparison.Ordinal).Replace("24hour", "24h", StringComparison.Ordinal)
                .Replace("24hrs", "24h", StringComparison.Ordinal).Replace("24hr", "24h", StringComparison.Ordinal)
            : key;
    }

    /// <summary>The factor by which a header's numbers must be multiplied, as in <c>Market Cap (in billions)</c>; 1 by default.</summary>
    public static double GetFactor(string header, AssetField field)
    {
        if (!IsAmount(field))
        {
            return 1;
        }

        var words = HeaderWords.Split(header);
        return Enumerable.Range(0, words.Count).Aggregate(1.0, (factor, i) => factor * GetFactor(words, i));
    }

    /// <summary>
    /// Whether a header is a field's name with a unit other than the field's: <c>Volume (USDT)</c>, <c>Market Cap EUR</c>.
    /// </summary>
    public static bool IsInAnotherUnit(string header, AssetField field)
    {
        var words = HeaderWords.Split(header);
        var name = Key(words.Where((word, i) =>
            !word.IsBracketed && !IsUnit(words, i, field) && (word.Text.Length > 1 || char.IsAsciiDigit(word.Text[0]))
            && !CsvMoney.IsCurrency(word.Text) && !CsvMoney.IsDoubtfulFactor(word.Text)));
        return name.Length > 0 && BareKeys[(int)field].Contains(name);
    }

    /// <summary>Whether a header names the currency of a field: <c>Market capitalization - Currency</c>.</summary>
    public static bool IsCurrencyOf(string header, AssetField field) =>
        Key(header) is [.. var name, 'c', 'u', 'r', 'r', 'e', 'n', 'c', 'y'] && BareKeys[(int)field].Contains(name);

    /// <summary>Whether a text is a unit and nothing else: <c>USD bn</c>, <c>($M)</c>, <c>EUR</c>, <c>coins</c>.</summary>
    public static bool IsUnit(string text)
    {
        var words = HeaderWords.Split($"({text})");
        var isTooNarrow = text.Contains("##", StringComparison.Ordinal); // What a spreadsheet shows of a number that does not fit.
        return words.Count > 0 && !isTooNarrow && Enumerable.Range(0, words.Count).All(i => words[i].Text is "#"
            || IsUnit(words, i, AssetField.PriceUsd) || IsUnit(words, i, AssetField.MaxSupply)
            || GetFactor(words, i) != 1 || CsvMoney.IsDoubtfulFactor(words[i].Text)
            || CsvMoney.IsCurrency(words[i].Text) || (i > 0 && words[i - 1].Text is "per"));
    }

    private static bool IsMoney(AssetField field) => field is >= AssetField.PriceUsd and <= AssetField.Volume24h;

    private static bool IsUnit(List<HeaderWord> words, int i, AssetField field)
    {
        string[] units = field is AssetField.PriceUsd ? PriceUnits
            : IsMoney(field) ? MoneyUnits
            : IsSupply(field) ? CoinUnits
            : IsTime(field) ? TimeUnits
            : [];
        var isInverse = words[i].Text is "per" && words.ElementAtOrDefault(i + 1).Text is "usd" or "dollar";
        return (units.Contains(words[i].Text, StringComparer.Ordinal) && !isInverse)
            || (words[i] is { Text: "of", IsBracketed: true } && units.Length > 0);
    }

    /// <summary>
    /// The factor that a word stands for, or 1. A single letter counts only in brackets or next to <c>usd</c>: <c>Volume M</c> may be a
    /// month's volume.
    /// </summary>
    private static double GetFactor(List<HeaderWord> words, int i)
    {
        var isTold = words[i] is { IsBracketed: true } or { Text.Length: > 1 }
            || (i > 0 && words[i - 1].Text is "usd") || (i + 1 < words.Count && words[i + 1].Text is "usd");
        return isTold && CsvMoney.TryGetFactor(words[i].Text, out var factor) ? factor : 1;
    }

    /// <summary>
    /// The indexes of the words after the field's path in the upstreams' responses: <c>quote.USD.price</c>, <c>quotes.USD.price</c>,
    /// <c>market_data.current_price.usd</c>. Elsewhere in a name, <c>usd</c> is a unit.
    /// </summary>
    private static IEnumerable<int> WithoutPlace(List<HeaderWord> words, AssetField field)
    {
        var isPlaced = words.Count > 2 && words switch
        {
            [{ Text: "quote" or "quotes" }, { Text: "usd" }, ..] => IsMoney(field) || IsTime(field),
            [{ Text: "market" }, { Text: "data" }, ..] => true,
            _ => false,
        };
        var start = isPlaced ? 2 : 0;
        return Enumerable.Range(start, words.Count - start);
    }
}
