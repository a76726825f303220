namespace Kasparro.Ingestion.Sources;

/// <summary>A value of an optional field that cannot be used: its record is loaded without it.</summary>
/// <param name="Field">The field, as in <c>quotes.USD.volume_24h</c>.</param>
/// <param name="Expected">What the field holds: <c>number</c>, <c>time</c>, <c>flag</c> …</param>
/// <param name="Found">What came instead, in a few words.</param>
/// <param name="Example">The value, shortened.</param>
internal sealed record UnusableValue(string Field, string Expected, string Found, string Example);
