using System.Globalization;
using System.Text;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>A word of a header, in lower case.</summary>
/// <param name="Text">Letters and digits, or a sign that makes it a different column.</param>
/// <param name="IsBracketed">Whether it is in parentheses or brackets.</param>
internal readonly record struct HeaderWord(string Text, bool IsBracketed);

/// <summary>Splits headers into words.</summary>
internal static class HeaderWords
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
        foreach (var sign in WithoutFootnotes(header))
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
        JoinDollars(words);
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

    /// <summary>Drops footnotes at the end, <c>Price [1]</c>, <c>Price [a]*</c>, but not units: <c>[B]</c>, <c>[€]</c>.</summary>
    private static ReadOnlySpan<char> WithoutFootnotes(string header)
    {
        var text = header.AsSpan().TrimEnd();
        while (true)
        {
            var marked = text.TrimEnd(" *\u2020\u2021\u00A7");
            var open = marked.LastIndexOf('[');
            if (open <= 0 || marked[^1] is not ']' || !IsFootnote(marked[(open + 1)..^1].Trim()))
            {
                return text;
            }

            text = marked[..open].TrimEnd();
        }
    }

    private static bool IsFootnote(ReadOnlySpan<char> text) => text.Length switch
    {
        1 => char.IsAsciiDigit(text[0]) || text[0] is '*' || (char.IsAsciiLetter(text[0]) && !CsvMoney.TryGetFactor(text, out _)),
        2 => !text.ContainsAnyExceptInRange('0', '9'),
        _ => false,
    };

    /// <summary>Joins <c>US$</c>, <c>US dollars</c> and <c>U.S. dollars</c> into one word.</summary>
    private static void JoinDollars(List<HeaderWord> words)
    {
        for (var i = words.Count - 1; i > 0; i--)
        {
            if (words[i].Text is not (Dollars or "dollar" or "dollars"))
            {
                continue;
            }

            var first = words[i - 1].Text is "us" ? i - 1 : i > 1 && words[i - 1].Text is "s" && words[i - 2].Text is "u" ? i - 2 : i;
            words.RemoveRange(first, i - first);
            i = first;
        }
    }
}
