using Kasparro.Ingestion.Model;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Sources.CoinPaprika;

/// <summary>Reads all coins first (profiles), then the tickers (prices), then the contracts (identity evidence).</summary>
internal sealed class CoinPaprikaSource(IServiceProvider services, IOptions<CoinPaprikaOptions> options) : ISource
{
    public string Name => SourceNames.CoinPaprika;

    public bool MayShrink => options.Value.MayShrink;

    private CoinPaprikaClient Client => services.GetRequiredService<CoinPaprikaClient>();

    public IReadOnlyList<ISourceStream> GetStreams(IngestionRequest request)
    {
        var coins = new UpstreamStream(CoinPaprikaSchemas.Coins.Stream, RecordKind.Profile, (_, token) => Client.ReadCoinsAsync(token))
        {
            ListsAll = true,
            Map = CoinPaprikaRecords.MapCoin,
            Schema = CoinPaprikaSchemas.Coins,
        };
        var tickers = new UpstreamStream(CoinPaprikaSchemas.Tickers.Stream, RecordKind.Quote, (_, token) => Client.ReadTickersAsync(token))
        {
            ListsAll = true,
            Map = CoinPaprikaRecords.MapTicker,
            Schema = CoinPaprikaSchemas.Tickers,
        };
        if (options.Value.EvidenceInterval is not { Ticks: > 0 } interval)
        {
            return [coins, tickers];
        }

        // One platform per page.
        var contracts = new UpstreamStream("contracts", RecordKind.Evidence, (from, token) => Client.ReadContractsAsync(from, token))
        {
            ResumesAfterInterruption = true,
            MinInterval = interval,
        };
        return [coins, tickers, contracts];
    }
}
