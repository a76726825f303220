using System.Globalization;
using System.Text.RegularExpressions;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>The words and signs of currencies and factors in amounts.</summary>
internal static partial class CsvMoney
{
    /// <summary>Factors by word: English, German, French, Russian, Indian, Japanese and Chinese.</summary>
    internal static readonly Dictionary<string, double> Factors = new (double Factor, string Words)[]
    {
        (1e3, "k thousand thousands tsd \u0442\u044B\u0441"),
        (1e4, "\u4E07 \u842C"),
        (1e5, "lakh"),
        (1e6, "m mm mn mio mln million millions millionen millones milh\u00F5es milioni \u043C\u043B\u043D"),
        (1e7, "cr crore"),
        (1e8, "\u5104 \u4EBF"),
        (1e9, "b bn bln billion billions mrd mld milliarden milliard milliards md mds \u043C\u043B\u0440\u0434"),
        (1e12, "t tn trn trillion trillions bio \u0442\u0440\u043B\u043D \u5146"), // "Bio" is German; English has no such abbreviation.
    }.SelectMany(row => row.Words.Split(' '), (row, word) => (word, row.Factor))
        .ToDictionary(row => row.word, row => row.Factor, StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, double>.AlternateLookup<ReadOnlySpan<char>> FactorLookup =
        Factors.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly HashSet<string> Dollars = new(StringComparer.OrdinalIgnoreCase)
    {
        "$", "us$", "usd", "usd$", "$usd", "us", "dollar", "dollars", "u.s.", "u.s.$", "$us", "$u.s.", "us-$", "us-dollar", "us-dollars",
        "u$s", "u$d", "d\u00F3lares", "\uFF04", "\uFE69",
    };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> DollarLookup =
        Dollars.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What separates the two sides of a pair, or the pair from its exchange or market.</summary>
    private static readonly char[] PairSeparators = [.. "/-_:|\\\u2013\u2014\u2215.=@ ()"];

    /// <summary>National currencies, other than the US dollar, and metals that prices are quoted in.</summary>
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> NationalLookup = ToLookup(
        "AED ARS AUD BDT BGN BHD BRL CAD CHF CLP CNH CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES KRW KWD KZT LKR MAD MXN "
        + "MYR NGN NOK NZD PEN PHP PKR PLN QAR RMB RON RSD RUB SAR SEK SGD THB TRY TWD UAH VES VND XAG XAU XDR ZAR");

    /// <summary>Coins that prices are quoted in.</summary>
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> CoinLookup =
        ToLookup("BTC XBT ETH BNB USDT USDC BUSD DAI TUSD FDUSD PYUSD USDE USD1 EURC");

    /// <summary>Gets the factor that a word stands for: <c>B</c>, <c>Mio.</c>.</summary>
    public static bool TryGetFactor(ReadOnlySpan<char> word, out double factor) => FactorLookup.TryGetValue(word.TrimEnd('.'), out factor);

    /// <summary>Whether a word is a factor that is refused: "mil" is a million in English and a thousand in Spanish.</summary>
    public static bool IsDoubtfulFactor(string word) => word is "000" or "000s" or "mil" or "mill" or "bil" or "tril" or "musd" or "kusd";

    /// <summary>Whether a word or sign means US dollars.</summary>
    public static bool IsDollar(ReadOnlySpan<char> word) => DollarLookup.Contains(word) || DollarLookup.Contains(word.TrimEnd('.'));

    /// <summary>Whether a text is a quote coin, or the code or sign of a national currency other than US dollars.</summary>
    public static bool IsCurrency(ReadOnlySpan<char> text) => CoinLookup.Contains(text) || IsNational(text);

    /// <summary>Whether a text is the code of a national currency other than US dollars, or any currency sign but theirs.</summary>
    public static bool IsNational(ReadOnlySpan<char> text) => NationalLookup.Contains(text)
        || (text.Length == 1 && char.GetUnicodeCategory(text[0]) is UnicodeCategory.CurrencySymbol && !IsDollar(text));

    /// <summary>
    /// The quote currency of a pair, in capitals: <c>EUR</c> for <c>BTC/EUR</c> and <c>BTCEUR</c>; null if the text is not a pair.
    /// </summary>
    /// <param name="text">The pair, with its exchange or market: <c>KRAKEN:BTCEUR</c>, <c>BTC-EUR.CC</c>, <c>XBTEUR Curncy</c>.</param>
    /// <param name="asset">A symbol that a pair without a separator may begin with, in addition to the well-known coins.</param>
    public static string? FindQuote(string text, string asset = "")
    {
        const int LeastPair = 5; // A/EUR
        if (text.Length < LeastPair && asset.Length == 0)
        {
            return null;
        }

        var parts = text.ToUpperInvariant().Split(PairSeparators, StringSplitOptions.RemoveEmptyEntries);
        var canBeCoin = text.AsSpan().ContainsAny("/-_:"); // axl.USDC is a token.
        return Array.FindLast(parts[Math.Min(1, parts.Length)..], part => IsQuote(part) && (canBeCoin || !CoinLookup.Contains(part)))
            ?? Array.ConvertAll(parts, FindGlued).LastOrDefault(quote => quote is not null);

        string? FindGlued(string pair)
        {
            var length = asset.Length > 0 && pair.StartsWith(asset, StringComparison.OrdinalIgnoreCase)
                ? asset.Length
                : PairedCoin().Match(pair).Length;
            return length > 0 && IsQuote(pair.AsSpan(length)) ? pair[length..] : null;
        }
    }

    /// <summary>
    /// The currency, in capitals, that a pair of any coin ends with: <c>EUR</c> for <c>SHIBEUR</c>; null if it ends with none.
    /// </summary>
    public static string? FindQuoteAtEnd(string text)
    {
        const int LeastCoin = 2;
        int[] lengths = [5, 3, 4]; // SHIBUSD is SHIB in USD, not SHI in BUSD.
        var found = Array.Find(lengths, length => text.Length >= length + LeastCoin && IsQuote(text.AsSpan(text.Length - length)));
        return found > 0 ? text[^found..].ToUpperInvariant() : null;
    }

    /// <summary>Whether a text names dollars and nothing else: <c>USD</c>, <c>US Dollar</c>, <c>USD ($)</c>.</summary>
    public static bool IsDollars(string text)
    {
        var words = text.Replace("united states", "us", StringComparison.OrdinalIgnoreCase)
            .Split([' ', '(', ')', '[', ']'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && Array.TrueForAll(words, word => IsDollar(word));
    }

    /// <summary>
    /// Coins whose symbol, followed by a currency, is always a pair (<c>BTCEUR</c>), never another coin's symbol; also as Bitfinex and
    /// Kraken write them (<c>tBTCEUR</c>, <c>XXBTZEUR</c>).
    /// </summary>
    [GeneratedRegex("^(?:T?(?:BTC|XBT|ETH|XRP|SOL|ADA|DOGE|LTC)|X[A-Z]{3}Z)", RegexOptions.None, 1000)]
    private static partial Regex PairedCoin();

    private static HashSet<string>.AlternateLookup<ReadOnlySpan<char>> ToLookup(string words) =>
        new HashSet<string>(words.Split(' '), StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static bool IsQuote(ReadOnlySpan<char> text) => text.Equals("USD", StringComparison.OrdinalIgnoreCase) || IsCurrency(text);
}
