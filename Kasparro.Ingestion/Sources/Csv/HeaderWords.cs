using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>A word of a header, in lower case.</summary>
/// <param name="Text">Letters and digits, or a sign that makes it a different column.</param>
/// <param name="IsBracketed">Whether it is in parentheses or brackets.</param>
internal readonly record struct HeaderWord(string Text, bool IsBracketed);

/// <summary>Splits headers into words.</summary>
internal static partial class HeaderWords
{
    private const string Dollars = "usd";

    /// <summary>
    /// Splits a header into words. Punctuation, footnotes, sort arrows and invisible marks are dropped. Dollars are a word, and so are
    /// signs that make it a different column: other currencies, the percent sign, and replacements of characters that an encoding lacked.
    /// </summary>
    public static List<HeaderWord> Split(string header)
    {
        var words = new List<HeaderWord>();
        var word = new StringBuilder();
        var former = '\0';
        var depth = 0;
        header = header.Contains(']') ? Footnotes().Replace(header, "") : header;
        header = header.Contains('1') ? Figures().Replace(header, GetFactor) : header;
        foreach (var sign in UnitedStates().Replace(header, ""))
        {
            var c = sign is '\u0130' ? 'I' : sign is '\u0131' ? 'i' : CsvCell.ToAscii(sign); // Turkish has dotted and dotless letters.
            var category = char.GetUnicodeCategory(c);
            if (category is UnicodeCategory.Format)
            {
                continue;
            }

            if (char.IsLetter(c) || char.IsAsciiDigit(c))
            {
                if ((char.IsUpper(c) && char.IsLower(former)) || (char.IsAsciiDigit(c) && word.Equals(Dollars.AsSpan())))
                {
                    EndWord();
                }

                word.Append(char.ToLowerInvariant(c));
            }
            else
            {
                EndWord();
                depth = Math.Max(0, depth + (c is '(' or '[' ? 1 : c is ')' or ']' ? -1 : 0));
                if (c is '$' or '\uFE69')
                {
                    words.Add(new(Dollars, depth > 0));
                }
                else if (IsTelling(c, category))
                {
                    words.Add(new(c.ToString(), depth > 0));
                }
            }

            former = c;
        }

        EndWord();
        return words.Count == 0 && header.Contains('#') ? [new("#", false)] : words;

        void EndWord()
        {
            if (word.ToString() is { Length: > 0 } text)
            {
                if (text is "usdm" or "usdmn" or "usdmm" or "usdbn") // USDT and USDB are coins.
                {
                    words.Add(new(Dollars, depth > 0));
                    text = text[Dollars.Length..];
                }

                words.Add(new(text, depth > 0));
                word.Clear();
            }
        }
    }

    /// <summary>
    /// Whether a sign makes it a different column: currencies (Unicode does not class Solana's and Ethereum's signs as such), percent
    /// signs, and <c>?</c> and U+FFFD, which may have been a currency sign.
    /// </summary>
    private static bool IsTelling(char c, UnicodeCategory category) =>
        category is UnicodeCategory.CurrencySymbol
        || c is '%' or '\u2030' or '\u2031' or '\u066A' or '\u25CE' or '\u27E0' or '?' or '\uFFFD';

    /// <summary>Footnotes at the end, <c>Price [1]</c>, <c>Price [a]*</c>, but not units: <c>[B]</c>, <c>[€]</c>.</summary>
    [GeneratedRegex(
        @"(?<=\S)(?:\s*\[\s*(?:[0-9]{1,2}|\*|[A-Za-z-[BKMTbkmt]])\s*\][\s*\u2020\u2021\u00A7]*)+$", RegexOptions.None, 1000)]
    private static partial Regex Footnotes();

    /// <summary>A factor in figures: <c>x1000</c>, <c>in 1,000 USD</c>, <c>1,000s</c>, <c>10^6</c>, <c>1e6</c>.</summary>
    [GeneratedRegex(
        @"(?<![\p{L}\d,.])(?:[x\u00D7]\s*1(?<zeros>(?:[,.'\u2019 ]?000)+)|1(?<zeros>(?:[,.'\u2019 ]?000)+)s"
            + @"|(?:in|by|scale|factor|units of)\W+1(?<zeros>(?:[,.'\u2019 ]?000)+)(?=\W*$|\s*(?:\$|usd?\b))"
            + @"|[x\u00D7]?\s*(?:(?:10\^|1e)(?<power>[369])|10(?<power>[\u00B3\u2076\u2079])))(?!\w)",
        RegexOptions.IgnoreCase,
        1000)]
    private static partial Regex Figures();

    private static string GetFactor(Match match)
    {
        var power = match.Groups["power"] is { Success: true, Value: var sign } ? (int)char.GetNumericValue(sign[0])
            : match.Groups["zeros"].Value.Count(c => c is '0');
        return power switch { 3 => " in thousand ", 6 => " in million ", 9 => " in billion ", _ => match.Value };
    }

    /// <summary>What dollars may be preceded by: <c>US$</c>, <c>US dollars</c>, <c>U.S. dollars</c>.</summary>
    [GeneratedRegex(@"(?<!\p{L})U\.?S\.?[\s_-]*(?=[$\uFE69\uFF04]|dollars?(?![a-z]))", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex UnitedStates();
}
