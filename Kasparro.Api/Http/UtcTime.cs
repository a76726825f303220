namespace Kasparro.Api.Http;

/// <summary>A parameter that is a time, as <see cref="Rfc3339"/> reads it.</summary>
/// <param name="Value">The time, UTC.</param>
[Expected(Rfc3339.Expected)]
internal readonly record struct UtcTime(DateTime Value)
{
    public static bool TryParse(string? s, IFormatProvider? provider, out UtcTime result)
    {
        var isTime = Rfc3339.TryParse(s, out var time);
        result = new(time);
        return isTime;
    }
}
