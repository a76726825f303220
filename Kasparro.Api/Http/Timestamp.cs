namespace Kasparro.Api.Http;

/// <summary>A time that a parameter gives: <see cref="Rfc3339"/>.</summary>
/// <param name="Value">The time, UTC; null where it is absent or wrong.</param>
/// <param name="Error">What is wrong with it.</param>
internal readonly record struct Timestamp(DateTime? Value, string? Error) : IQueryValue
{
    object? IQueryValue.Boxed => Value;

    /// <summary>Reads a time, as UTC.</summary>
    public static bool TryParse(string? text, IFormatProvider? provider, out Timestamp timestamp)
    {
        timestamp = string.IsNullOrWhiteSpace(text) ? default : Rfc3339.TryParse(text, out var value) ? new(value, null)
            : new(null, Rfc3339.Expected);
        return true;
    }
}
