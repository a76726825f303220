using System.Collections.Immutable;

namespace Kasparro.Catalogue;

/// <summary>The sources' public names, as rows, routes and settings use them.</summary>
public static class SourceNames
{
    /// <summary>CoinPaprika's REST API, v1.</summary>
    public const string CoinPaprika = "coinpaprika";

    /// <summary>CoinGecko's REST API, v3.</summary>
    public const string CoinGecko = "coingecko";

    /// <summary>CSV files.</summary>
    public const string Csv = "csv_source";

    /// <summary>
    /// All sources, in the order in which an ingestion reads them, which is also the order of preference, the best first.
    /// </summary>
    public static ImmutableArray<string> All { get; } = [CoinPaprika, CoinGecko, Csv];
}
