using System.IO.Pipelines;
using System.Text.Json;
using Kasparro.Simulator.Market;
using Kasparro.Simulator.Wire;

namespace Kasparro.Simulator.Upstreams;

/// <summary>
/// Writes the body of a response. If an upstream has no such response, there is no <see cref="ResponseBody"/>, and the route responds with
/// 404.
/// </summary>
internal delegate Task ResponseBody(PipeWriter body, CancellationToken cancellationToken);

/// <summary>Creates bodies for generated and recorded responses.</summary>
internal static class ResponseBodies
{
    /// <summary>Creates a body with an array, written one element at a time.</summary>
    public static ResponseBody Array<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> write) => async (body, cancellationToken) =>
    {
        using var stream = new JsonStream(body);
        await stream.WriteArrayAsync(items, write, cancellationToken);
    };

    /// <summary>Creates a body with an array of texts.</summary>
    public static ResponseBody Array(IEnumerable<string> texts) => Array(texts, static (json, text) => json.WriteStringValue(text));
}

/// <summary>The responses of an upstream's history routes.</summary>
internal interface IHistoryResponses
{
    /// <summary>The current time at the upstream.</summary>
    DateTimeOffset Now { get; }

    /// <summary>The plan of the upstream.</summary>
    UpstreamPlan Plan { get; }

    /// <summary>Gets the history of a coin, one point for each step, or null if there is no such coin.</summary>
    IReadOnlyCollection<HistoryPoint>? History(string id, DateTimeOffset from, DateTimeOffset to, TimeSpan step);
}

/// <summary>The responses of CoinPaprika's routes, generated or recorded.</summary>
internal interface ICoinPaprikaResponses : IHistoryResponses
{
    ResponseBody? Coins();

    ResponseBody? Tickers();

    ResponseBody? Platforms();

    ResponseBody? Contracts(string platform);

    ResponseBody? Global();
}

/// <summary>The responses of CoinGecko's routes, generated or recorded.</summary>
internal interface ICoinGeckoResponses : IHistoryResponses
{
    /// <summary>The number of coins on all market pages; null if there are no pages to serve.</summary>
    int? MarketCount { get; }

    /// <summary>Gets one market page; after the last, an empty one.</summary>
    ResponseBody? Markets(int page, int perPage);

    ResponseBody? CoinsList(bool withPlatforms);

    /// <summary>Gets all platforms, with their chain ids.</summary>
    ResponseBody? Platforms();

    /// <summary>Gets the price of one bitcoin in each currency.</summary>
    ResponseBody ExchangeRates();
}
