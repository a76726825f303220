namespace Kasparro.Api.Http;

/// <summary>
/// A text that a parameter gives, without the blanks around it; its greatest length is the parameter's <c>[StringLength]</c>.
/// </summary>
/// <param name="Value">The text; null where it is absent or wrong.</param>
/// <param name="Error">What is wrong with it.</param>
internal readonly record struct Text(string? Value, string? Error) : IQueryValue
{
    /// <summary>What an error says of a NUL: PostgreSQL's text holds none.</summary>
    public const string NoNul = "must not contain the character NUL";

    object? IQueryValue.Boxed => Value;

    /// <summary>Reads a text that PostgreSQL can hold.</summary>
    public static bool TryParse(string? text, IFormatProvider? provider, out Text value)
    {
        value = string.IsNullOrWhiteSpace(text) ? default : text.Contains('\0', StringComparison.Ordinal) ? new(null, NoNul)
            : new(text.Trim(), null);
        return true;
    }
}
