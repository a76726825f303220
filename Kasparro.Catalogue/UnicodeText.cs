using System.Text;

namespace Kasparro.Catalogue;

/// <summary>Texts as they are stored and looked for.</summary>
public static class UnicodeText
{
    /// <summary>
    /// The composed form (NFC, UAX #15): a letter with its accent is one text, whether it was sent as one character or as two. A text
    /// with half of a surrogate pair has no form, and stays as it is.
    /// </summary>
    public static string Compose(string text)
    {
        try
        {
            return Ascii.IsValid(text) ? text : text.Normalize();
        }
        catch (ArgumentException)
        {
            return text;
        }
    }
}
