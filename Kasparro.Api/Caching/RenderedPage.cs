namespace Kasparro.Api.Caching;

/// <summary>A response without its head: everything after <c>api_latency_ms</c>, from the comma's right to the closing brace. Never changed.</summary>
/// <param name="Stamp">The catalogue's state that the page shows.</param>
/// <param name="Body">UTF-8 JSON: <c>"data":[…],…}</c>.</param>
internal sealed record RenderedPage(CatalogueStamp Stamp, ReadOnlyMemory<byte> Body);
