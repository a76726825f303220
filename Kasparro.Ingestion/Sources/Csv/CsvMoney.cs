using System.Globalization;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>Words of amounts: dollars, and factors.</summary>
internal static class CsvMoney
{
    /// <summary>The factors of words.</summary>
    internal static readonly Dictionary<string, double> Factors = new(StringComparer.OrdinalIgnoreCase)
    {
        ["k"] = 1e3,
        ["thousand"] = 1e3,
        ["thousands"] = 1e3,
        ["tsd"] = 1e3,
        ["m"] = 1e6,
        ["mm"] = 1e6,
        ["mn"] = 1e6,
        ["mio"] = 1e6,
        ["mln"] = 1e6,
        ["million"] = 1e6,
        ["millions"] = 1e6,
        ["millionen"] = 1e6,
        ["b"] = 1e9,
        ["bn"] = 1e9,
        ["bln"] = 1e9,
        ["mrd"] = 1e9,
        ["mld"] = 1e9,
        ["billion"] = 1e9,
        ["billions"] = 1e9,
        ["milliarden"] = 1e9,
        ["milliard"] = 1e9,
        ["milliards"] = 1e9,
        ["md"] = 1e9, // French, as mds.
        ["mds"] = 1e9,
        ["\u0442\u044B\u0441"] = 1e3, // Russian: тыс, млн, млрд, трлн.
        ["\u043C\u043B\u043D"] = 1e6,
        ["\u043C\u043B\u0440\u0434"] = 1e9,
        ["\u0442\u0440\u043B\u043D"] = 1e12,
        ["lakh"] = 1e5,
        ["cr"] = 1e7,
        ["crore"] = 1e7,
        ["\u4E07"] = 1e4, // Japanese and Chinese: 万, 億 or 亿, 兆.
        ["\u842C"] = 1e4,
        ["\u5104"] = 1e8,
        ["\u4EBF"] = 1e8,
        ["\u5146"] = 1e12,
        ["t"] = 1e12,
        ["tn"] = 1e12,
        ["trn"] = 1e12,
        ["bio"] = 1e12, // German; English has no such short form.
        ["trillion"] = 1e12,
        ["trillions"] = 1e12,
    };

    private static readonly Dictionary<string, double>.AlternateLookup<ReadOnlySpan<char>> FactorLookup =
        Factors.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly HashSet<string> Dollars = new(StringComparer.OrdinalIgnoreCase)
    {
        "$", "us$", "usd", "usd$", "$usd", "us", "dollar", "dollars", "u.s.", "u.s.$", "$us", "$u.s.", "us-$", "us-dollar", "us-dollars",
        "\uFF04", "\uFE69",
    };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> DollarLookup =
        Dollars.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Currencies other than dollars that prices are told in: of countries, and coins.</summary>
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> CurrencyLookup = new HashSet<string>(
        ("AED ARS AUD BDT BGN BHD BRL CAD CHF CLP CNH CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES KRW KWD KZT LKR MAD MXN "
            + "MYR NGN NOK NZD PEN PHP PKR PLN QAR RMB RON RSD RUB SAR SEK SGD THB TRY TWD UAH VES VND ZAR "
            + "BTC XBT ETH BNB USDT USDC BUSD DAI TUSD FDUSD PYUSD USDE USD1 EURC").Split(' '),
        StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly string[] Signs = ["US$", "$US", "USD", "$"];

    /// <summary>The factor that a word is: <c>B</c>, <c>Mio.</c>.</summary>
    public static bool TryGetFactor(ReadOnlySpan<char> word, out double factor) => FactorLookup.TryGetValue(word.TrimEnd('.'), out factor);

    /// <summary>Whether a word or sign is dollars.</summary>
    public static bool IsDollar(ReadOnlySpan<char> word) => DollarLookup.Contains(word) || DollarLookup.Contains(word.TrimEnd('.'));

    /// <summary>Whether a text is the code or sign of a currency other than dollars.</summary>
    public static bool IsCurrency(ReadOnlySpan<char> text) => CurrencyLookup.Contains(text)
        || (text.Length == 1 && char.GetUnicodeCategory(text[0]) is UnicodeCategory.CurrencySymbol && !IsDollar(text));

    /// <summary>In what a pair's price is, in capitals: <c>EUR</c> of <c>BTC/EUR</c>; null where a text is no such pair.</summary>
    public static string? FindQuote(string text)
    {
        var at = text.AsSpan().LastIndexOfAny("/-_:");
        var quote = text[(at + 1)..].Trim().ToUpperInvariant();
        return at > 0 && (quote is "USD" || IsCurrency(quote)) ? quote : null;
    }

    /// <summary>Whether a text names dollars and nothing else: <c>USD</c>, <c>US Dollar</c>, <c>USD ($)</c>.</summary>
    public static bool IsDollars(ReadOnlySpan<char> text)
    {
        const string UnitedStates = "united states";
        if (text.StartsWith(UnitedStates, StringComparison.OrdinalIgnoreCase))
        {
            text = text[UnitedStates.Length..];
        }

        var found = false;
        foreach (var range in text.SplitAny(" ()[]"))
        {
            if (!text[range].IsEmpty && !IsDollar(text[range]))
            {
                return false;
            }

            found |= !text[range].IsEmpty;
        }

        return found;
    }

    /// <summary>A text without the dollars before and behind it.</summary>
    public static ReadOnlySpan<char> WithoutDollars(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        foreach (var sign in Signs)
        {
            if (text.StartsWith(sign, StringComparison.OrdinalIgnoreCase))
            {
                return text[sign.Length..].Trim();
            }

            if (text.EndsWith(sign, StringComparison.OrdinalIgnoreCase))
            {
                return text[..^sign.Length].Trim();
            }
        }

        return text;
    }
}
