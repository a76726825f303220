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

    /// <summary>The time of day, where <see cref="UpdatedAt"/> is a date.</summary>
    TimeOfDay,

    /// <summary>The currency of the row's prices.</summary>
    QuoteCurrency,

    /// <summary>The zone of times that do not say it themselves.</summary>
    TimeZone,
}

/// <summary>The header names by which each field is known.</summary>
internal static class AssetFields
{
    /// <summary>Names of columns that have a date, and maybe the time of day in another column.</summary>
    private static readonly string[] Dates =
    [
        "date", "quote_date", "price_date", "snapshot_date", "trade_date", "trading_date", "as_of_date", "update_date", "valuation_date",
        "pricing_date", "report_date", "data_date", "effective_date", "day", "datum", "fecha",
    ];

    /// <summary>
    /// The names, by field, the most telling first: a file that has two of them means the first. The very first names the field.
    /// </summary>
    private static readonly string[][] Aliases =
    [
        ["id", "coin_id", "asset_id", "external_id", "slug"],
        ["symbol", "ticker", "ticker_symbol", "coin_symbol", "asset_symbol", "token_symbol"],
        [
            "name", "asset_name", "coin_name", "token_name", "cryptocurrency_name", "crypto_name", "currency_name", "coin",
            "cryptocurrency", "token", "asset",
        ],
        [
            "price_usd", "price", "current_price", "last_price", "latest_price", "spot_price", "market_price", "token_price",
            "last_traded_price", "close_price", "closing_price", "price_close", "close", "close_last", "last", "price_intraday",
            "adj_close", "latest",
        ],
        ["market_cap", "market_cap_usd", "mcap", "mkt_cap", "market_capitalization", "market_capitalisation"],
        [
            "volume_24h", "quote_asset_volume", "quote_volume", "volume_quote", "volume_to", // Next to them, "volume" is in coins.
            "volume", "total_volume", "volume_24h_usd", "24h_volume", "trading_volume", "trading_volume_24h", "24h_trading_volume", "vol",
            "vol_24h", "24h_vol", "volume24", "total_volume_24h", "daily_volume",
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
            "block_timestamp", "minute", "recorded_at", "observed_at", "captured_at", "zeitstempel", "zeitpunkt", "datum_zeit",
            "fecha_hora", "dt", "event_time", "bar_time", "candle_time", "window_start", "last_refreshed", "stand",
            "fetched_at", "retrieved_at", "collected_at", "scraped_at", "crawled_at", "extracted_at", "exported_at", "downloaded_at",
            "export_date", "extraction_date", "retrieved_on", // The last are the export's, where there is another.
        ],
        ["time_of_day", "time", "clock", "hour", "trade_time", "time_of_trade", "uhrzeit", "zeit", "hora", "heure"],
        ["quote_currency", "vs_currency", "price_currency", "counter_currency", "quote_asset"],
        ["time_zone", "tz", "utc_offset", "gmt_offset", "tz_offset", "zeitzone"],
    ];

    /// <summary>
    /// Names that some files have for the currency of prices, and others for the asset, or for something else: the cells tell, by words.
    /// </summary>
    public static readonly IReadOnlyList<string> PossibleCurrencies =
    [
        "currency", "quote", "ccy", "price_ccy", "quote_ccy", "currency_code", "currency_symbol", "quote_symbol", "fiat", "fiat_currency",
        "w\u00E4hrung", "waehrung", "devise", "divisa", "moneda", "moeda", "valuta",
    ];

    /// <summary>The same, where the cells have to be codes or signs of currencies, or pairs: some files have other words in them.</summary>
    public static readonly IReadOnlyList<string> DoubtfulCurrencies =
    [
        "price_unit", "unit", "denomination", "priced_in", "counter", "vs", "convert", "cur", "curr", "to_symbol", "target", "pair",
        "trading_pair", "market_pair", "symbol_pair", "market", "product", "product_id", "instrument", "trading_currency",
        "listing_currency", "reporting_currency", "valuation_currency", "quoted_in", "waluta", "monnaie",
    ];

    /// <summary>Words of a header that say in what its field is measured, which each field has one answer to.</summary>
    private static readonly string[] MoneyUnits = ["usd", "dollars", "dollar", "in"];
    private static readonly string[] PriceUnits = [.. MoneyUnits, "per", "coin", "token"];
    private static readonly string[] CoinUnits = ["coins", "coin", "tokens", "token", "units", "in"];
    private static readonly string[] TimeUnits =
    [
        "utc", "gmt", "iso", "8601", "iso8601", "s", "sec", "seconds", "ms", "milliseconds", "us", "microseconds", "ns", "nanoseconds",
        "in", "0", "00", // UTC+0, UTC+00:00
    ];

    /// <summary>The aliases as they are compared, by field.</summary>
    private static readonly string[][] AliasKeys = Array.ConvertAll(Aliases, names => Array.ConvertAll(names, Key));

    /// <summary>The same without units.</summary>
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

    /// <summary>The field's names as <see cref="Key(string)"/> gives them.</summary>
    public static IReadOnlyList<string> GetAliasKeys(AssetField field) => AliasKeys[(int)field];

    public static bool IsNumber(AssetField field) => field is >= AssetField.PriceUsd and <= AssetField.MaxSupply;

    /// <summary>Whether a field is of dollars or coins.</summary>
    public static bool IsAmount(AssetField field) => IsMoney(field) || IsSupply(field);

    public static bool IsSupply(AssetField field) => field is >= AssetField.CirculatingSupply and <= AssetField.MaxSupply;

    public static bool IsTime(AssetField field) => field is AssetField.UpdatedAt or AssetField.TimeOfDay;

    /// <summary>Whether a header is that of a date, to which another column may have the time of day.</summary>
    public static bool IsDate(string header) =>
        Dates.Select(Key).Contains(KeyWithoutUnit(HeaderWords.Split(header), AssetField.UpdatedAt), StringComparer.Ordinal);

    /// <summary>Whether a header says that its money is in dollars.</summary>
    public static bool IsInDollars(List<HeaderWord> words, AssetField field) =>
        IsMoney(field) && words.Exists(word => word.Text is "usd" or "dollar" or "dollars");

    /// <summary>Whether a text is a header of the field, whose numbers are to be multiplied so.</summary>
    public static bool IsHeader(string text, AssetField field, double factor)
    {
        var words = HeaderWords.Split(text);
        string[] keys = [Key(words), KeyWithoutUnit(words, field)];
        return GetAliasKeys(field).Intersect(keys, StringComparer.Ordinal).Any() && GetFactor(text, field) == factor;
    }

    /// <summary>
    /// A header name as it is compared: <c>Price USD</c>, <c>price-usd</c>, <c>PRICE_USD</c> and <c>Price (USD)*</c> are one.
    /// </summary>
    public static string Key(string header) => Key(HeaderWords.Split(header));

    /// <summary>
    /// The words of a header's names; of CoinMarketCap's histories without those of <c>name</c>, which is the id of a currency there.
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
    /// <c>Price (EUR)</c> stays what it is. Nothing is left of a field's place in a document: <c>quote.USD.price</c> is <c>price</c>.
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

    /// <summary>By how much a field's numbers are to be multiplied: <c>Market Cap (in billions)</c>.</summary>
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
    /// Whether a header is a field's name with a unit that is not the field's: <c>Volume (USDT)</c>, <c>Market Cap EUR</c>.
    /// </summary>
    public static bool IsInAnotherUnit(string header, AssetField field)
    {
        var words = HeaderWords.Split(header);
        var name = Key(words.Where((word, i) =>
            !word.IsBracketed && !IsUnit(words, i, field) && (word.Text.Length > 1 || char.IsAsciiDigit(word.Text[0]))
            && !CsvMoney.IsCurrency(word.Text) && word.Text is not ("000" or "000s")));
        return name.Length > 0 && BareKeys[(int)field].Contains(name);
    }

    /// <summary>Whether a header is that of the currency of a field: <c>Market capitalization - Currency</c>.</summary>
    public static bool IsCurrencyOf(string header, AssetField field) =>
        Key(header) is [.. var name, 'c', 'u', 'r', 'r', 'e', 'n', 'c', 'y'] && BareKeys[(int)field].Contains(name);

    /// <summary>Whether a text is a unit and nothing else: <c>USD bn</c>, <c>($M)</c>, <c>EUR</c>, <c>coins</c>.</summary>
    public static bool IsUnit(string text)
    {
        var words = HeaderWords.Split($"({text})");
        return words.Count > 0 && Enumerable.Range(0, words.Count).All(i => words[i].Text is "#" || IsUnit(words, i, AssetField.PriceUsd)
            || IsUnit(words, i, AssetField.MaxSupply) || GetFactor(words, i) != 1 || CsvMoney.IsCurrency(words[i].Text));
    }

    private static bool IsMoney(AssetField field) => field is >= AssetField.PriceUsd and <= AssetField.Volume24h;

    private static bool IsUnit(List<HeaderWord> words, int i, AssetField field)
    {
        string[] units = field is AssetField.PriceUsd ? PriceUnits
            : IsMoney(field) ? MoneyUnits
            : IsSupply(field) ? CoinUnits
            : IsTime(field) ? TimeUnits
            : [];
        return units.Contains(words[i].Text, StringComparer.Ordinal) || (words[i] is { Text: "of", IsBracketed: true } && units.Length > 0);
    }

    /// <summary>
    /// The factor that a word is. A letter is one in brackets and next to dollars only: <c>Volume M</c> may be a month's.
    /// </summary>
    private static double GetFactor(List<HeaderWord> words, int i)
    {
        var isTold = words[i] is { IsBracketed: true } or { Text.Length: > 1 }
            || (i > 0 && words[i - 1].Text is "usd") || (i + 1 < words.Count && words[i + 1].Text is "usd");
        return isTold && CsvMoney.TryGetFactor(words[i].Text, out var factor) ? factor : 1;
    }

    /// <summary>
    /// The words without where the upstreams have the field in their answers: <c>quote.USD.price</c>, <c>quotes.USD.price</c>,
    /// <c>market_data.current_price.usd</c>. What a field is in, <c>usd</c>, is a unit where it stands elsewhere.
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
