namespace Kasparro.Simulator.Upstreams;

/// <summary>Metadata of an endpoint: which upstream's which route it plays. Faults and counters go by it.</summary>
/// <param name="Upstream"><c>coinpaprika</c> or <c>coingecko</c>.</param>
/// <param name="Route">As the vendor documents it, without prefix and version: <c>/contracts/{platform}</c>.</param>
internal sealed record UpstreamRoute(string Upstream, string Route)
{
    public const string CoinPaprika = "coinpaprika";
    public const string CoinGecko = "coingecko";
}
