namespace Kasparro.Simulator.Upstreams;

/// <summary>Endpoint metadata with the upstream's route that an endpoint simulates, which faults and counters refer to.</summary>
/// <param name="Upstream"><c>coinpaprika</c> or <c>coingecko</c>.</param>
/// <param name="Route">The route as the vendor documents it, without prefix and version: <c>/contracts/{platform}</c>.</param>
internal sealed record UpstreamRoute(string Upstream, string Route)
{
    public const string CoinPaprika = "coinpaprika";
    public const string CoinGecko = "coingecko";
}
