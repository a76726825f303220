namespace Kasparro.Api.Http;

/// <summary>
/// A Boolean parameter, in any case: <c>true</c>, <c>1</c>, <c>yes</c>, <c>on</c>, <c>t</c>, <c>y</c> and their opposites.
/// </summary>
/// <param name="Value">The value.</param>
[Expected(Flag.Expected)]
internal readonly record struct Flag(bool Value)
{
    /// <summary>The error for any other value.</summary>
    public const string Expected = "must be true or false";

    /// <summary>Parses the words that Pydantic accepts, which clients of FastAPI are used to.</summary>
    public static bool TryParse(string? text, IFormatProvider? provider, out Flag flag)
    {
        var value = Read(text);
        flag = new(value ?? false);
        return value is not null;
    }

    /// <summary>Parses one of the words; null for any other text.</summary>
    public static bool? Read(ReadOnlySpan<char> text)
    {
        Span<char> lower = stackalloc char[5];
        var word = text.Trim();
        return word.Length > lower.Length ? null : lower[..word.ToLowerInvariant(lower)] switch
        {
            "true" or "1" or "yes" or "on" or "t" or "y" => true,
            "false" or "0" or "no" or "off" or "f" or "n" => false,
            _ => null,
        };
    }
}
