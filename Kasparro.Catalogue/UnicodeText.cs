using System.Text;

namespace Kasparro.Catalogue;

/// <summary>
/// Normalises texts that are stored, searched or compared: a letter with an accent is the same text whether it was sent as one character or
/// as two (UAX #15). A text with an unpaired surrogate has no normal form, and is left unchanged.
/// </summary>
public static class UnicodeText
{
    /// <summary>Converts a text to the composed form (NFC).</summary>
    public static string Compose(string text) => Normalize(text, NormalizationForm.FormC);

    /// <summary>Converts a text to the decomposed form with compatibility characters replaced (NFKD).</summary>
    public static string Decompose(string text) => Normalize(text, NormalizationForm.FormKD);

    /// <summary>
    /// Returns the beginning of a text, at most this many UTF-16 units of it: a character of two units is not cut in half, since PostgreSQL
    /// and UTF-8 have no halves.
    /// </summary>
    public static ReadOnlySpan<char> Truncate(ReadOnlySpan<char> text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    private static string Normalize(string text, NormalizationForm form)
    {
        try
        {
            return Ascii.IsValid(text) ? text : text.Normalize(form);
        }
        catch (ArgumentException)
        {
            return text;
        }
    }
}
