using System.Text.Json;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Drift;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Sources.CoinPaprika;

/// <summary>All coins first (what they are), then the tickers (what they cost), then the contracts (what they are elsewhere).</summary>
internal sealed class CoinPaprikaSource(IServiceProvider services, IOptions<CoinPaprikaOptions> options) : ISource
{
    public string Name => SourceNames.CoinPaprika;

    public IReadOnlyList<ISourceStream> GetStreams(IngestionRequest request) =>
    [
        new ListStream(services, "coins", RecordKind.Profile, MapCoin, CoinPaprikaSchemas.Coins),
        new ListStream(services, "tickers?quotes=USD", RecordKind.Quote, MapTicker, CoinPaprikaSchemas.Tickers),
        .. options.Value.EvidenceInterval > TimeSpan.Zero ? [new ContractsStream(services, options.Value.EvidenceInterval)] : Array.Empty<ISourceStream>(),
    ];

    private static void MapCoin(JsonElement coin, RecordBuilder draft)
    {
        foreach (var property in coin.EnumerateObject())
        {
            switch (property.Name)
            {
                case "id": draft.ExternalId = JsonRecord.Text(property.Value, "id", draft); break;
                case "name": draft.Name = JsonRecord.Text(property.Value, "name", draft); break;
                case "symbol": draft.Symbol = JsonRecord.Text(property.Value, "symbol", draft); break;
                case "rank": draft.Rank = JsonRecord.Number(property.Value, "rank", draft); break;
                case "is_active": draft.IsActive = JsonRecord.Flag(property.Value, "is_active", draft) ?? true; break;
            }
        }
    }

    private static void MapTicker(JsonElement ticker, RecordBuilder draft)
    {
        foreach (var property in ticker.EnumerateObject())
        {
            switch (property.Name)
            {
                case "id": draft.ExternalId = JsonRecord.Text(property.Value, "id", draft); break;
                case "name": draft.Name = JsonRecord.Text(property.Value, "name", draft); break;
                case "symbol": draft.Symbol = JsonRecord.Text(property.Value, "symbol", draft); break;
                case "rank": draft.Rank = JsonRecord.Number(property.Value, "rank", draft); break;
                case "circulating_supply": draft.CirculatingSupply = JsonRecord.Number(property.Value, "circulating_supply", draft); break;
                case "total_supply": draft.TotalSupply = JsonRecord.Number(property.Value, "total_supply", draft); break;
                case "max_supply": draft.MaxSupply = JsonRecord.Number(property.Value, "max_supply", draft); break;
                case "last_updated": draft.QuotedAt = JsonRecord.Time(property.Value, "last_updated", draft); break;
                case "quotes": MapQuotes(property.Value, draft); break;
            }
        }
    }

    private static void MapQuotes(JsonElement quotes, RecordBuilder draft)
    {
        if (quotes.ValueKind is not JsonValueKind.Object || !quotes.TryGetProperty("USD", out var usd) || usd.ValueKind is not JsonValueKind.Object)
        {
            draft.Reject(RejectionReason.MissingField, "quotes.USD is missing.");
            return;
        }

        foreach (var property in usd.EnumerateObject())
        {
            switch (property.Name)
            {
                case "price": draft.PriceUsd = JsonRecord.Price(property.Value, "quotes.USD.price", draft); break;
                case "volume_24h": draft.Volume24hUsd = JsonRecord.Number(property.Value, "quotes.USD.volume_24h", draft); break;
                case "market_cap": draft.MarketCapUsd = JsonRecord.Number(property.Value, "quotes.USD.market_cap", draft); break;
            }
        }
    }

    /// <summary>An inactive contract was somebody's too, and proves as much.</summary>
    private static void MapContract(string platform, JsonElement contract, RecordBuilder draft)
    {
        draft.IsEvidence = true;
        foreach (var property in contract.EnumerateObject())
        {
            switch (property.Name)
            {
                case "id": draft.ExternalId = JsonRecord.Text(property.Value, "id", draft); break;
                case "address": draft.AddContract(platform, JsonRecord.Text(property.Value, "address", draft)); break;
            }
        }
    }

    /// <summary>Contracts, a platform a page.</summary>
    private sealed class ContractsStream(IServiceProvider services, TimeSpan minInterval) : ISourceStream
    {
        public string Name => "contracts";

        public RecordKind Kind => RecordKind.Evidence;

        public TimeSpan MinInterval => minInterval;

        public IAsyncEnumerable<SourcePage> ReadAsync(ResumePoint from, CancellationToken cancellationToken) =>
            services.GetRequiredService<CoinPaprikaClient>().ReadContractsAsync(MapContract, from, cancellationToken);
    }

    /// <summary>A stream outlives no handler of the client factory: each reading asks for a client.</summary>
    private sealed class ListStream(
        IServiceProvider services, string route, RecordKind kind, Action<JsonElement, RecordBuilder> map, ExpectedSchema schema) : ISourceStream
    {
        public string Name => schema.Stream;

        public RecordKind Kind => kind;

        public bool ListsAll => true;

        public Action<JsonElement, RecordBuilder> Map => map;

        public IAsyncEnumerable<SourcePage> ReadAsync(ResumePoint from, CancellationToken cancellationToken) =>
            services.GetRequiredService<CoinPaprikaClient>().ReadListAsync(route, map, schema, from, cancellationToken);
    }
}
