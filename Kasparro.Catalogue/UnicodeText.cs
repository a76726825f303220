using System.Text;

namespace Kasparro.Catalogue;

/// <summary>
/// Texts as they are stored, looked for and compared: a letter with its accent is one text, whether it was sent as one character or as two
/// (UAX #15). A text with half of a surrogate pair has no form, and stays as it is.
/// </summary>
public static class UnicodeText
{
    /// <summary>The composed form (NFC).</summary>
    public static string Compose(string text) => Normalize(text, NormalizationForm.FormC);

    /// <summary>The decomposed form in which compatibility characters are what they stand for (NFKD).</summary>
    public static string Decompose(string text) => Normalize(text, NormalizationForm.FormKD);

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
