using System.IO.Pipelines;

namespace Kasparro.Simulator.Upstreams;

/// <summary>Writes one answer's body. Where an upstream has no such answer there is no <see cref="Answer"/> either, and the route says 404.</summary>
internal delegate Task Answer(PipeWriter body, CancellationToken cancellationToken);

/// <summary>What stands behind CoinPaprika's routes: generated or recorded.</summary>
internal interface ICoinPaprikaAnswers
{
    Answer? Coins();

    Answer? Tickers();

    Answer? Platforms();

    Answer? Contracts(string platform);

    Answer? Global();
}

/// <summary>What stands behind CoinGecko's routes: generated or recorded.</summary>
internal interface ICoinGeckoAnswers
{
    /// <summary>How many coins the market pages hold together; null where there are none to serve.</summary>
    int? MarketCount { get; }

    /// <summary>One page of them; an empty one after the last.</summary>
    Answer? Markets(int page, int perPage);

    Answer? CoinsList(bool withPlatforms);
}
