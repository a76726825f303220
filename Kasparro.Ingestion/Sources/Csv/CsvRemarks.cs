using System.Text.RegularExpressions;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>Finds what lines outside a table (titles and notes) say about its amounts.</summary>
internal static partial class CsvRemarks
{
    /// <summary>Words of lines that state the currency of prices.</summary>
    private static readonly HashSet<string> Amounts = new(StringComparer.Ordinal)
    {
        "price", "prices", "priced", "value", "values", "amounts", "figures", "numbers", "quotes", "quoted", "denominated", "preis",
        "preise", "kurse", "werte", "angaben", "betr\u00E4ge", "prix", "cours", "precios", "valores", "prezzi", "ceny",
        "kryptokurse", "kryptopreise", "cotizaciones", "cota\u00E7\u00F5es", "quotazioni",
    };

    /// <summary>Additional words of lines that state a factor of amounts.</summary>
    private static readonly HashSet<string> Scaled = new(StringComparer.Ordinal) { "cap", "caps", "volume", "volumes", "except", "all" };

    /// <summary>Words that may precede a currency's code.</summary>
    private static readonly HashSet<string> Labels = [.. AssetFields.PossibleCurrencies.Select(AssetFields.Key), "convert", "waluta"];

    /// <summary>Names of currencies.</summary>
    private static readonly HashSet<string> Currencies = new(StringComparer.Ordinal)
    {
        "euro", "euros", "pound", "pounds", "sterling", "yen", "yuan", "won", "rupees", "francs", "franken", "lira", "zloty", "reais",
        "pesos", "kr", "kronor", "kroner", "\u0440\u0443\u0431\u043B\u044F\u0445", "\u4EBA\u6C11\u5E01", "\u5143", "\u5186",
    };

    /// <summary>Further units that prices may be in.</summary>
    private static readonly HashSet<string> Units = ["cents", "sats", "satoshi", "satoshis", "bitcoin", "ether", "wei", "gwei"];

    /// <summary>Codes of currencies that are also words.</summary>
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "ars", "cop", "mad", "nok", "pen", "php", "ron", "sek", "try",
    };

    /// <summary>
    /// Finds the currency other than dollars that prices are in according to a line: <c>All prices in EUR</c>, <c>Currency: €</c>; null
    /// if it states none.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="isTitle">Whether it is above the header, where a few words cannot be a row with missing cells.</param>
    public static string? FindCurrency(string line, bool isTitle)
    {
        var words = Split(line);
        var cells = line.Replace(" - ", "|", StringComparison.Ordinal).Split(',', ';', '\t', '|', '\u2013', '\u2014').Select(Split)
            .Where(cell => cell.Count > 0).ToList();
        var units = cells.FindAll(cell => cell.TrueForAll(IsMoney));
        if (units.Count > (isTitle ? 1 : cells.Count - 1) && units is [[var unit, ..], ..] && CsvMoney.IsNational(unit.Text))
        {
            return unit.Text.ToUpperInvariant(); // The columns' currencies: ,,EUR,,USD
        }

        for (var i = 0; i < words.Count; i++)
        {
            string[] before = ["", .. words[Math.Max(0, i - 4)..i].Select(word => word.Text)];
            var isNational = CsvMoney.IsNational(words[i].Text) || Currencies.Contains(words[i].Text)
                || words[i].Text is "canadian" or "australian" or "aussie" or "singapore" or "hong" or "nz" or "zealand";
            var isSaid = before[^1] is "in" or "en" or "em" or "vs" or "against" || (words[i].Text is "cents" && before[^1] is not "and")
                ? Array.Exists(before, Amounts.Contains) || (isTitle && words.Count == 2) // In BTC
                : Labels.Contains(before[^1]) ? isNational || before is not [.., "base", _] // The base of a pair is what is priced.
                : (isNational && words[i].IsBracketed && Amounts.Contains(before[^1]))
                    || words.ElementAtOrDefault(i + 1).Text is "denominated";
            if (isSaid && (isNational || Units.Contains(words[i].Text) || CsvMoney.IsCurrency(words[i].Text)))
            {
                return words[i].Text.ToUpperInvariant();
            }
        }

        // A line that does not mention dollars: "Prices: EUR", "EUR prices", "Top 100 coins by market cap in EUR", "Top 100 coins (EUR)".
        // Codes that are also words must be in capitals.
        const int WordsOfAUnit = 3;
        var place = words.FindIndex(word => Currencies.Contains(word.Text)
            || (CsvMoney.IsNational(word.Text)
                && (!Words.Contains(word.Text) || line.Contains(word.Text.ToUpperInvariant(), StringComparison.Ordinal))));
        var isOfAmounts = words.Exists(word => Amounts.Contains(word.Text)) || (isTitle && words.Count <= WordsOfAUnit)
            || (place > 0 && words[place - 1].Text is "in" or "en" or "em" or "i" or "w" or "v" or "\u0432")
            || (place > 0 && isTitle && (words[place].IsBracketed || (cells is [_, .., [var last]] && last == words[place])));
        if ((isOfAmounts || (isTitle && words.Count == WordsOfAUnit + 1)) && OtherDollars().Match(line) is { Success: true } sign)
        {
            return sign.Value;
        }

        return isOfAmounts && place >= 0 && !words.Exists(word => CsvMoney.IsDollars(word.Text))
            ? words[place].Text.ToUpperInvariant()
            : null;
    }

    /// <summary>
    /// Finds the currency other than dollars of a pair in a file's name, as exchanges' exports have it: <c>Kraken_BTCEUR_1h.csv</c>,
    /// <c>BTC-EUR.csv</c>; null if it has none, or dollars as well. A code alone (<c>coins_eur.csv</c>) may mean something else.
    /// </summary>
    public static string? FindCurrencyOfName(string fileName)
    {
        var words = Split(fileName).ConvertAll(word => word.Text);
        return words.Exists(word => CsvMoney.IsDollars(word)) ? null : words.Zip([.. words.Skip(1), ""])
            .Select(pair => CsvMoney.FindQuote(pair.First) ?? CsvMoney.FindQuote(pair.First + pair.Second))
            .FirstOrDefault(quote => quote is not null && CsvMoney.IsNational(quote));
    }

    /// <summary>
    /// Finds the zone of times that a line states: <c>All times in CET</c>, <c>Time zone: UTC+1</c>; null if it states none, or UTC.
    /// </summary>
    public static string? FindZone(string line) => Zone().Match(line) is { Success: true } match
        ? match.Groups["zone"].Value.Replace(" ", "", StringComparison.Ordinal)
        : null;

    /// <summary>Finds how many coins prices are for according to a line: <c>Prices per 1,000 tokens</c>; null if it states none.</summary>
    public static string? FindLot(string line) => Lot().Match(line) is { Success: true } match ? match.Groups["lot"].Value : null;

    /// <summary>
    /// Finds the factor of amounts that a line states: <c>USD in millions</c>, <c>(in thousands)</c>, <c>$m</c>; null if it states none.
    /// </summary>
    public static string? FindFactor(string line)
    {
        const int WordsOfANote = 4;
        var words = Split(line);
        if (words.Count > WordsOfANote && !words.Exists(word => IsMoney(word) || Amounts.Contains(word.Text) || Scaled.Contains(word.Text)))
        {
            return null;
        }

        for (var i = 0; i < words.Count; i++)
        {
            var (former, word) = (i > 0 ? words[i - 1].Text : "", words[i].Text);
            var behind = words[(i + 1)..].SkipWhile(next => next.Text is "of" or "de").FirstOrDefault();
            var isLetter = word.Length == 1 && i < words.Count - 1 && !IsMoney(words[i + 1]); // USD K-lines
            var isCounted = former.Length > 0 && char.IsAsciiDigit(former[^1]); // "Over 1 billion USD" is an amount.
            var isSaid = CsvMoney.IsDollars(former) || CsvMoney.IsNational(former)
                || former is "in" or "en" or "em" or "scale" or "unit" or "units"
                || ((word.Length > 1 || words[i].IsBracketed) && !isCounted && behind.Text is not null && IsMoney(behind));
            if (isSaid && !isLetter && (CsvMoney.TryGetFactor(word, out _) || CsvMoney.IsDoubtfulFactor(word)))
            {
                return word;
            }
        }

        return null;
    }

    /// <summary>Signs of dollars other than those of the United States, in a line without these.</summary>
    [GeneratedRegex(@"(?<!US.*)(?<![\p{L}$])(?:AU?|CA?|CAN|HK|NZ|SG?|NT|MX|R)\$(?!\p{L}|.*US)", RegexOptions.None, 1000)]
    private static partial Regex OtherDollars();

    /// <summary>A hundred coins or more next to a word for prices.</summary>
    [GeneratedRegex(
        @"(?:\b(?:prices?|priced|quote[sd]?|values?|preise?|usd|dollars?)\b|\$)\W+(?:[^\W\d]+\W+){0,2}?"
            + @"(?<lot>(?:per|pro) (?:1[0,.'\u2019 ]*00|1? ?[km]|(?:a |one |1 )?(?:hundred|thousand|million|billion|tausend))\b)",
        RegexOptions.IgnoreCase,
        1000)]
    private static partial Regex Lot();

    /// <summary>A zone other than UTC next to a word for times.</summary>
    [GeneratedRegex(
        @"^(?!.*\b(?:UTC|GMT)\b(?! ?[+-]\d)).*\b(?:time ?zone|tz|zeitzone|times|timestamps|(?:uhr)?zeiten|heures|horas)\b[^\d+-]{0,24}?"
            + @"(?<zone>(?:UTC|GMT) ?[+-]\d\d?(?::?\d\d)?|[+-](?:0\d|1[0-4]):?[0-5]\d\b|\b(?:lo[ck]al|eastern|central|mountain|pacific)\b"
            + @"|\b(?:Europe|America|Asia|Africa|Australia|US)/\w+"
            + @"|\b(?-i:CES?T|MES?Z|EES?T|WES?T|[ECMP][SD]?T|[BIJKM]ST|HKT|SGT|AE[SD]T|MSK)\b)",
        RegexOptions.IgnoreCase,
        1000)]
    private static partial Regex Zone();

    /// <summary>Splits a line into words; the extension of a script (<c>.php</c>) is not the currency.</summary>
    private static List<HeaderWord> Split(string line) =>
        HeaderWords.Split(line.Replace(".php", "", StringComparison.OrdinalIgnoreCase));

    private static bool IsMoney(HeaderWord word) => CsvMoney.IsDollars(word.Text) || CsvMoney.IsCurrency(word.Text);
}
