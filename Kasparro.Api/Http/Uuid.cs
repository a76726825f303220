namespace Kasparro.Api.Http;

/// <summary>A UUID that a parameter or a path gives.</summary>
/// <param name="Value">The UUID; null where it is absent or wrong.</param>
/// <param name="Error">What is wrong with it.</param>
internal readonly record struct Uuid(Guid? Value, string? Error) : IQueryValue
{
    /// <summary>What an error says of anything else.</summary>
    public const string Expected = "must be a UUID";

    object? IQueryValue.Boxed => Value;

    /// <summary>Reads a UUID with its hyphens.</summary>
    public static bool TryParse(string? text, IFormatProvider? provider, out Uuid uuid)
    {
        uuid = string.IsNullOrWhiteSpace(text) ? default : Guid.TryParseExact(text.AsSpan().Trim(), "D", out var value) ? new(value, null)
            : new(null, Expected);
        return true;
    }
}
