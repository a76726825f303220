using System.Globalization;
using Kasparro.Ingestion.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Kasparro.Tests.Hosting;

/// <summary>
/// The state after the first ingestion of <c>make up</c>, on a small simulated market that stands still until it is moved.
/// </summary>
internal sealed class SimulatedCatalogue : IAsyncDisposable
{
    private static readonly string[] Sources = [SourceNames.CoinPaprika, SourceNames.CoinGecko, SourceNames.Csv];

    private readonly FakeTimeProvider _market;
    private readonly SimulatorHost _upstreams;

    private SimulatedCatalogue(FakeTimeProvider market, SimulatorHost upstreams, IngestionHarness ingestion)
    {
        (_market, _upstreams, Ingestion) = (market, upstreams, ingestion);
    }

    public IngestionHarness Ingestion { get; }

    /// <summary>The connection strings of the catalogue and of Redis.</summary>
    public (string Catalogue, string Cache) Connections =>
        (Ingestion.Settings["ConnectionStrings:kasparro"]!, Ingestion.Settings["ConnectionStrings:cache"]!);

    public static async Task<SimulatedCatalogue> CreateAsync(BackingServices services, int assets, CancellationToken cancellationToken)
    {
        var market = new FakeTimeProvider(DateTimeOffset.UtcNow.AddMinutes(-30));
        var upstreams = await SimulatorHost.StartAsync(market, "--assets", assets.ToString(CultureInfo.InvariantCulture));
        var root = upstreams.Client.BaseAddress!;
        var ingestion = await IngestionHarness.CreateAsync(
            services,
            root.AbsoluteUri,
            cancellationToken,
            ("Sources:CoinPaprika:BaseUrl", new Uri(root, "coinpaprika/v1/").AbsoluteUri),
            ("Sources:CoinPaprika:EvidenceInterval", "1.00:00:00"),
            ("Sources:CoinGecko:BaseUrl", new Uri(root, "coingecko/api/v3/").AbsoluteUri),
            ("Sources:CoinGecko:EvidenceInterval", "1.00:00:00"),
            ("Sources:Csv:Path", RepositoryFiles.At("data/sample.csv")),
            ("Logos:Origin", new Uri(root, "logos/").AbsoluteUri),
            ("Logos:RequestsPerMinute", "0"));
        var catalogue = new SimulatedCatalogue(market, upstreams, ingestion);
        await catalogue.IngestAsync(cancellationToken);
        return catalogue;
    }

    /// <summary>Moves all prices and ingests all sources.</summary>
    public async Task MoveAsync(CancellationToken cancellationToken)
    {
        _market.Advance(TimeSpan.FromMinutes(2));
        await IngestAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Ingestion.DisposeAsync();
        await _upstreams.DisposeAsync();
    }

    private async Task IngestAsync(CancellationToken cancellationToken)
    {
        var outcome = await Ingestion.IngestAsync(cancellationToken, Sources);
        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
        await Ingestion.Host.Services.GetRequiredService<AssetSearch>().RefreshAsync(cancellationToken);
    }
}
