using System.IO.Pipelines;
using System.Text.Json;
using Kasparro.Simulator.Market;
using Kasparro.Simulator.Wire;

namespace Kasparro.Simulator.Upstreams;

/// <summary>
/// Writes one response's body. Where an upstream has no such response there is no <see cref="ResponseBody"/> either, and the route says
/// 404.
/// </summary>
internal delegate Task ResponseBody(PipeWriter body, CancellationToken cancellationToken);

/// <summary>Bodies that generated and recorded responses share.</summary>
internal static class ResponseBodies
{
    /// <summary>An array, one element at a time.</summary>
    public static ResponseBody Array<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> write) => async (body, cancellationToken) =>
    {
        using var stream = new JsonStream(body);
        await stream.WriteArrayAsync(items, write, cancellationToken);
    };

    /// <summary>An array of texts.</summary>
    public static ResponseBody Array(IEnumerable<string> texts) => Array(texts, static (json, text) => json.WriteStringValue(text));
}

/// <summary>What stands behind an upstream's routes of the past.</summary>
internal interface IHistoryResponses
{
    /// <summary>The time that it is there.</summary>
    DateTimeOffset Now { get; }

    /// <summary>What the key buys.</summary>
    UpstreamPlan Plan { get; }

    /// <summary>The past of a coin, a point a step; null where there is no such coin.</summary>
    IReadOnlyCollection<HistoryPoint>? History(string id, DateTimeOffset from, DateTimeOffset to, TimeSpan step);
}

/// <summary>What stands behind CoinPaprika's routes: generated or recorded.</summary>
internal interface ICoinPaprikaResponses : IHistoryResponses
{
    ResponseBody? Coins();

    ResponseBody? Tickers();

    ResponseBody? Platforms();

    ResponseBody? Contracts(string platform);

    ResponseBody? Global();
}

/// <summary>What stands behind CoinGecko's routes: generated or recorded.</summary>
internal interface ICoinGeckoResponses : IHistoryResponses
{
    /// <summary>How many coins the market pages hold together; null where there are none to serve.</summary>
    int? MarketCount { get; }

    /// <summary>One page of them; an empty one after the last.</summary>
    ResponseBody? Markets(int page, int perPage);

    ResponseBody? CoinsList(bool withPlatforms);

    /// <summary>All platforms, with their chain ids.</summary>
    ResponseBody? Platforms();

    /// <summary>What one bitcoin costs in each currency.</summary>
    ResponseBody ExchangeRates();
}
