namespace Kasparro.Api.Http;

/// <summary>
/// A Boolean parameter, in any case: <c>true</c>, <c>1</c>, <c>yes</c>, <c>on</c>, <c>t</c>, <c>y</c> and their opposites.
/// </summary>
/// <param name="Value">The value, or null if it is absent or invalid.</param>
/// <param name="Error">What is wrong with it, or null if nothing is.</param>
internal readonly record struct Flag(bool? Value, string? Error) : IQueryValue
{
    /// <summary>The error for any other value.</summary>
    public const string Expected = "must be true or false";

    /// <summary>Parses the words that Pydantic accepts, which clients of FastAPI are used to.</summary>
    public static bool TryParse(string? text, IFormatProvider? provider, out Flag flag)
    {
        flag = string.IsNullOrWhiteSpace(text) ? default : Read(text) is { } value ? new(value, null) : new(null, Expected);
        return true;
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
