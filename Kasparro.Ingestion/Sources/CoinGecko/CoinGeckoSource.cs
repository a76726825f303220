using System.Text.Json;
using Kasparro.Data;
using Kasparro.Ingestion.Normalization;

namespace Kasparro.Ingestion.Sources.CoinGecko;

/// <summary>The market pages: what each active coin is and costs.</summary>
internal sealed class CoinGeckoSource(IServiceProvider services) : ISource
{
    public string Name => SourceNames.CoinGecko;

    public IReadOnlyList<ISourceStream> GetStreams(IngestionRequest request) => [new MarketsStream(services)];

    private static void MapMarket(JsonElement coin, RecordDraft draft)
    {
        foreach (var property in coin.EnumerateObject())
        {
            switch (property.Name)
            {
                case "id": draft.ExternalId = JsonRecord.Text(property.Value, "id", draft); break;
                case "symbol": draft.Symbol = JsonRecord.Text(property.Value, "symbol", draft)?.ToUpperInvariant(); break; // Sent in lower case, all of them.
                case "name": draft.Name = JsonRecord.Text(property.Value, "name", draft); break;
                case "market_cap_rank": draft.Rank = JsonRecord.Number(property.Value, "market_cap_rank", draft); break;
                case "current_price": draft.PriceUsd = JsonRecord.Number(property.Value, "current_price", draft); break;
                case "market_cap": draft.MarketCapUsd = JsonRecord.Number(property.Value, "market_cap", draft); break;
                case "total_volume": draft.Volume24hUsd = JsonRecord.Number(property.Value, "total_volume", draft); break;
                case "circulating_supply": draft.CirculatingSupply = JsonRecord.Number(property.Value, "circulating_supply", draft); break;
                case "total_supply": draft.TotalSupply = JsonRecord.Number(property.Value, "total_supply", draft); break;
                case "max_supply": draft.MaxSupply = JsonRecord.Number(property.Value, "max_supply", draft); break;
                case "last_updated": draft.QuotedAt = JsonRecord.Time(property.Value, "last_updated", draft); break;
            }
        }
    }

    /// <summary>A stream outlives no handler of the client factory: each reading asks for a client.</summary>
    private sealed class MarketsStream(IServiceProvider services) : ISourceStream
    {
        public string Name => CoinGeckoSchemas.Markets.Stream;

        public RecordKind Kind => RecordKind.Quote;

        public Action<JsonElement, RecordDraft> Map => MapMarket;

        public IAsyncEnumerable<SourcePage> ReadAsync(ResumePoint from, CancellationToken cancellationToken) =>
            services.GetRequiredService<CoinGeckoClient>().ReadMarketsAsync(MapMarket, from, cancellationToken);
    }
}
