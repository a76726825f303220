namespace Kasparro.Ingestion.Sources;

/// <summary>An unusable value of an optional field: its record is loaded without it.</summary>
/// <param name="Field">The field, such as <c>quotes.USD.volume_24h</c>.</param>
/// <param name="Expected">The expected kind: <c>number</c>, <c>time</c>, <c>flag</c> …</param>
/// <param name="Found">What was found instead, in a few words.</param>
/// <param name="Example">The value, shortened.</param>
internal sealed record UnusableValue(string Field, string Expected, string Found, string Example);
