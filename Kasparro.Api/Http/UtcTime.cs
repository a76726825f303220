using System.Diagnostics.CodeAnalysis;

namespace Kasparro.Api.Http;

/// <summary>A parameter that is a time, as <see cref="Rfc3339"/> reads it.</summary>
/// <param name="Value">The time, UTC.</param>
[Expected(Rfc3339.Expected)]
internal readonly record struct UtcTime(DateTime Value) : IParsable<UtcTime>
{
    public static UtcTime Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var time) ? time : throw new FormatException($"A time {Rfc3339.Expected}.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out UtcTime result)
    {
        var isTime = Rfc3339.TryParse(s, out var time);
        result = new(time);
        return isTime;
    }
}
