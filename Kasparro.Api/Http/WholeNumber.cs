using System.Globalization;

namespace Kasparro.Api.Http;

/// <summary>A whole number that a parameter gives; its bounds are the parameter's <c>[Range]</c>.</summary>
/// <param name="Value">The number; null where it is absent or wrong.</param>
/// <param name="Error">What is wrong with it.</param>
internal readonly record struct WholeNumber(int? Value, string? Error) : IQueryValue
{
    object? IQueryValue.Boxed => Value;

    /// <summary>Reads digits; <see cref="RequestParameters"/> adds the bounds to the error.</summary>
    public static bool TryParse(string? text, IFormatProvider? provider, out WholeNumber number)
    {
        number = string.IsNullOrWhiteSpace(text) ? default
            : int.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? new(value, null)
            : new(null, "must be a whole number");
        return true;
    }
}
