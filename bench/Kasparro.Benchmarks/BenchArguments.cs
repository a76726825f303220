using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Kasparro.Benchmarks;

/// <summary>The arguments of a benchmark; see <see cref="Usage"/>.</summary>
internal sealed record BenchArguments
{
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["--csv-rows"] = "csv_rows",
        ["--live-days"] = "live_days",
    };

    /// <summary>The server on which databases are created; the database that it names is only connected to.</summary>
    public required string Postgres { get; init; }

    /// <summary>The Redis for the run lock.</summary>
    public required string Redis { get; init; }

    public int Rounds { get; init; } = 9;

    public int Records { get; init; } = 100_000;

    /// <summary>The number of assets of the large catalogue; 0 omits it.</summary>
    public int Catalogue { get; init; } = 1_000_000;

    /// <summary>
    /// The number of records of the loop that the speeds are compared with, which is slow; its cost per record does not grow.
    /// </summary>
    public int LoopRecords { get; init; } = 2_000;

    /// <summary>The number of rows of the CSV file whose peak memory is measured; 0 omits it.</summary>
    public int CsvRows { get; init; } = 1_000_000;

    /// <summary>The numbers of ten-minute quotes of the catalogues whose storage is measured, in ascending order.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [1_000_000, 10_000_000];

    /// <summary>The number of assets with daily candles in each of these catalogues.</summary>
    public int Assets { get; init; } = 17_000;

    /// <summary>The number of days of these candles.</summary>
    public int Days { get; init; } = 3_650;

    /// <summary>The fraction of real traffic in the live month; 1 is all of it.</summary>
    public double Scale { get; init; } = 0.1;

    /// <summary>The number of days of the live month; 0 omits it.</summary>
    public int LiveDays { get; init; } = 35;

    /// <summary>The number of seconds of each load on the API.</summary>
    public int Seconds { get; init; } = 2;

    /// <summary>The number of distinct queries after which the API's memory is measured; 0 omits it.</summary>
    public int DistinctQueries { get; init; } = 1_000_000;

    /// <summary>How many times peak memory is measured; 0 omits it.</summary>
    public int MemoryRuns { get; init; } = 3;

    /// <summary>The folder for the results.</summary>
    public string Results { get; init; } = Path.Combine("bench", "results");

    /// <summary>
    /// Reads <c>--name value</c> pairs, and the environment's <c>KASPARRO_BENCH_NAME</c>, which keeps passwords off the command line; pairs
    /// take precedence. Null if the connection strings are missing.
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
