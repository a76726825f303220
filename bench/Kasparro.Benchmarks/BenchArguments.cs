using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Kasparro.Benchmarks;

/// <summary>What a bench is asked for; see <see cref="Usage"/>.</summary>
internal sealed record BenchArguments
{
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["--csv-rows"] = "csv_rows",
        ["--live-days"] = "live_days",
    };

    /// <summary>A server on which databases can be made; the database that it names is only connected to.</summary>
    public required string Postgres { get; init; }

    /// <summary>A Redis for the run lock.</summary>
    public required string Redis { get; init; }

    public int Rounds { get; init; } = 9;

    public int Records { get; init; } = 100_000;

    /// <summary>Assets of the large catalogue; 0 leaves it out.</summary>
    public int Catalogue { get; init; } = 1_000_000;

    /// <summary>Records of the loop that the speeds are compared with; it is slow, and its cost per record does not grow.</summary>
    public int LoopRecords { get; init; } = 2_000;

    /// <summary>Rows of the CSV file whose peak memory is measured; 0 leaves it out.</summary>
    public int CsvRows { get; init; } = 1_000_000;

    /// <summary>Ten-minute quotes of the catalogues whose storage is measured, from the smallest to the largest.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [1_000_000, 10_000_000];

    /// <summary>Assets with daily candles in each of them.</summary>
    public int Assets { get; init; } = 17_000;

    /// <summary>Days of these candles.</summary>
    public int Days { get; init; } = 3_650;

    /// <summary>The live month's part of real traffic: 1 is all of it.</summary>
    public double Scale { get; init; } = 0.1;

    /// <summary>Days of the live month; 0 leaves it out.</summary>
    public int LiveDays { get; init; } = 35;

    /// <summary>Seconds of each load on the API.</summary>
    public int Seconds { get; init; } = 2;

    /// <summary>Queries of which no two are alike, after which the API's memory is looked at; 0 leaves it out.</summary>
    public int DistinctQueries { get; init; } = 1_000_000;

    /// <summary>How often peak memory is measured; 0 leaves it out.</summary>
    public int MemoryRuns { get; init; } = 3;

    /// <summary>Where the table goes.</summary>
    public string Results { get; init; } = Path.Combine("bench", "results");

    /// <summary>
    /// Reads <c>--name value</c> pairs, and before them the environment's <c>KASPARRO_BENCH_NAME</c>, which keeps passwords off the command
    /// line; null where the connection strings are missing.
    /// </summary>
    public static BenchArguments? Parse(string[] args)
    {
        var given = new ConfigurationBuilder().AddEnvironmentVariables("KASPARRO_BENCH_").AddCommandLine(args, Aliases).Build();
        if (given["postgres"] is not { Length: > 0 } postgres || given["redis"] is not { Length: > 0 } redis)
        {
            return null;
        }

        var defaults = new BenchArguments { Postgres = postgres, Redis = redis };
        return defaults with
        {
            Rounds = given.GetValue("rounds", defaults.Rounds),
            Records = given.GetValue("records", defaults.Records),
            Catalogue = given.GetValue("catalogue", defaults.Catalogue),
            LoopRecords = given.GetValue("loop", defaults.LoopRecords),
            Sizes = given["sizes"]?.Split(',').Select(size => int.Parse(size, CultureInfo.InvariantCulture)).ToArray() ?? defaults.Sizes,
            Assets = given.GetValue("assets", defaults.Assets),
            Days = given.GetValue("days", defaults.Days),
            Scale = given.GetValue("scale", defaults.Scale),
            LiveDays = given.GetValue("live_days", defaults.LiveDays),
            CsvRows = given.GetValue("csv_rows", defaults.CsvRows),
            Seconds = given.GetValue("seconds", defaults.Seconds),
            DistinctQueries = given.GetValue("distinct", defaults.DistinctQueries),
            MemoryRuns = given.GetValue("memory", defaults.MemoryRuns),
            Results = given["results"] ?? defaults.Results,
        };
    }
}
