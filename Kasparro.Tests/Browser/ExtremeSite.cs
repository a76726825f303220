using Kasparro.Data.Catalogue;
using Kasparro.Data.Runs;

namespace Kasparro.Tests.Browser;

/// <summary>
/// The explorer on a catalogue of edge cases: the smallest and largest numbers, pages of duplicates within one source, and durations near
/// the boundary of a unit.
/// </summary>
public sealed class ExtremeSite(BackingServices services) : BrowserSite
{
    /// <summary>The number of assets with two listings from CoinGecko each.</summary>
    public const int Twins = 60;

    /// <summary>Numbers, with their display in a column of prices and in one of large amounts.</summary>
    public static readonly IReadOnlyList<(double Number, string Price, string Amount)> Numbers =
    [
        (double.MaxValue, "$1.80E308", "$1.80E308"),
        (1e300, "$1.00E300", "$1.00E300"),
        (1.2345e15, "$1.23E15", "$1.23E15"),
        (999_999_999_999_999, "$999,999,999,999,999.00", "$1000.00T"),
        (1234.5, "$1,234.50", "$1.23K"),
        (1, "$1.00", "$1.00"),
        (0.004, "$0.0040", "$0.0040"),
        (1.5e-9, "$0.0000000015", "$0.0000000015"),
        (1e-30, "$1.00E-30", "$1.00E-30"),
        (double.Epsilon, "$5.00E-324", "$5.00E-324"),
        (0, "$0.00", "$0.00"),
        (-0.0, "$0.00", "$0.00"),
    ];

    /// <summary>Durations of runs, with their display.</summary>
    public static readonly IReadOnlyList<(TimeSpan Duration, string Shown)> Durations =
    [
        (TimeSpan.FromMilliseconds(999.6), "1.0 s"),
        (TimeSpan.FromSeconds(59.96), "1 min 0 s"),
        (TimeSpan.FromSeconds(119.6), "2 min 0 s"),
        (TimeSpan.FromSeconds(3_599.7), "1 h 0 min"),
        (TimeSpan.FromSeconds(7_199), "2 h 0 min"),
        (TimeSpan.FromSeconds(7_259), "2 h 1 min"),
    ];

    private ApiHarness? _api;

    public override Uri Url => _api!.Client.BaseAddress!;

    /// <summary>Gets the path of the page of the asset with a number from <see cref="Numbers"/>.</summary>
    public static string AssetPath(int number) => $"/explore/assets/{CatalogueSeed.Id(number + 1)}";

    /// <summary>Gets the name of a twin; names sort in the order of their numbers.</summary>
    public static string TwinName(int asset, int twin) => $"Twin {asset:00} {twin}";

    protected override async Task StartAsync(CancellationToken cancellationToken)
    {
        _api = await ApiHarness.StartAsync(services, cancellationToken);
        var version = await CatalogueSeed.CommitAsync(
            _api.Catalogue, [.. Assets(), .. Listings(), .. Runs(DateTimeOffset.UtcNow)], cancellationToken);
        await _api.KnowsAsync(version, cancellationToken);
    }

    protected override async Task StopAsync() => await (_api?.DisposeAsync() ?? ValueTask.CompletedTask);

    private static IEnumerable<Asset> Assets()
    {
        for (var number = 0; number < Numbers.Count; number++)
        {
            var asset = CatalogueSeed.Asset(number + 1, $"N{number:00}", Numbers[number].Number, Numbers[number].Number);
            asset.Volume24hUsd = Numbers[number].Number;
            yield return asset;
        }

        for (var number = 0; number < Twins; number++)
        {
            yield return CatalogueSeed.Asset(1_000 + number, $"T{number:00}", marketCap: null);
        }
    }

    private static IEnumerable<Listing> Listings()
    {
        yield return CatalogueSeed.Listing(500, SourceNames.CoinPaprika, "N01", 1e300, 2, CatalogueSeed.Moment.AddDays(-3));
        for (var number = 0; number < 2 * Twins; number++)
        {
            var (asset, twin) = (number / 2, number % 2);
            var listing = CatalogueSeed.Listing(2_000 + number, SourceNames.CoinGecko, $"T{asset:00}", marketCap: null, 1_000 + asset);
            listing.Name = TwinName(asset, twin);
            yield return listing;
        }
    }

    // The newest run started 23 h 45 min ago, which is "yesterday" once rounded.
    private static IEnumerable<IngestionRun> Runs(DateTimeOffset now) => Durations.Select((run, index) =>
        CatalogueSeed.Run(SourceNames.Csv, RunStatus.Completed, now.AddHours(-23.75).AddHours(-3 * index), run.Duration, read: 10));
}
