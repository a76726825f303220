using System.Globalization;
using System.Text;

namespace Kasparro.Ingestion.Identity;

/// <summary>Symbol and name, normalised: where two sources' keys are equal and unambiguous, they list one asset. A symbol alone is no key.</summary>
internal static class MatchKey
{
    /// <summary>The symbol as queries and keys compare it.</summary>
    public static string OfSymbol(string symbol) => symbol.Trim().ToUpperInvariant();

    /// <summary>
    /// The key: symbol in upper case and the name's letters and digits in lower case, compatibility forms folded (NFKC); null where either
    /// has nothing left, as for a blank symbol or a name of emoji.
    /// </summary>
    public static string? Of(string symbol, string name)
    {
        var symbolKey = OfSymbol(symbol);
        if (symbolKey.Length == 0)
        {
            return null;
        }

        var folded = Fold(name);
        return folded.Length == 0 ? null : $"{symbolKey}|{folded}";
    }

    private static string Fold(string name)
    {
        var normal = IsAscii(name) ? name : name.Normalize(NormalizationForm.FormKC);
        var folded = new StringBuilder(normal.Length);
        foreach (var rune in normal.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
            {
                folded.Append(Rune.ToLowerInvariant(rune).ToString());
            }
        }

        return folded.ToString();
    }

    private static bool IsAscii(string text) => System.Text.Ascii.IsValid(text);
}
