using System.Text.Json;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Runs;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Sources.CoinGecko;

/// <summary>The market pages (what each coin is and costs), then the list of all coins and their contracts, which may fail without harm to prices.</summary>
internal sealed class CoinGeckoSource(
    IServiceProvider services, IOptions<CoinGeckoOptions> options, IOptions<UpstreamKind> upstreams) : ISource
{
    public string Name => SourceNames.CoinGecko;

    public IReadOnlyList<ISourceStream> GetStreams(IngestionRequest request) =>
    [
        new MarketsStream(services, listsAll: options.Value.MaxPages == 0, upstreams.Value.IsLive ? options.Value.MarketsInterval : TimeSpan.Zero),
        .. options.Value.EvidenceInterval > TimeSpan.Zero ? [new CoinListStream(services, options.Value.EvidenceInterval)] : Array.Empty<ISourceStream>(),
    ];

    private static void MapListed(JsonElement coin, RecordBuilder draft)
    {
        foreach (var property in coin.EnumerateObject())
        {
            switch (property.Name)
            {
                case "id": draft.ExternalId = JsonRecord.Text(property.Value, "id", draft); break;
                case "symbol": draft.Symbol = JsonRecord.Text(property.Value, "symbol", draft)?.ToUpperInvariant(); break;
                case "name": draft.Name = JsonRecord.Text(property.Value, "name", draft); break;
                case "platforms": MapPlatforms(property.Value, draft); break;
            }
        }
    }

    private static void MapPlatforms(JsonElement platforms, RecordBuilder draft)
    {
        if (platforms.ValueKind is not (JsonValueKind.Null or JsonValueKind.Object))
        {
            JsonRecord.Discard(platforms, "platforms", "object", draft);
            return;
        }

        draft.Contracts = [];
        if (platforms.ValueKind is JsonValueKind.Null || draft.Reason is not null)
        {
            return;
        }

        foreach (var platform in platforms.EnumerateObject())
        {
            draft.AddContract(PlatformMap.Canonical(SourceNames.CoinGecko, platform.Name), JsonRecord.OptionalText(platform.Value, $"platforms.{platform.Name}", draft));
        }
    }

    private static void MapMarket(JsonElement coin, RecordBuilder draft)
    {
        foreach (var property in coin.EnumerateObject())
        {
            switch (property.Name)
            {
                case "id": draft.ExternalId = JsonRecord.Text(property.Value, "id", draft); break;
                case "symbol": draft.Symbol = JsonRecord.Text(property.Value, "symbol", draft)?.ToUpperInvariant(); break; // Sent in lower case, all of them.
                case "name": draft.Name = JsonRecord.Text(property.Value, "name", draft); break;
                case "market_cap_rank": draft.Rank = JsonRecord.Number(property.Value, "market_cap_rank", draft); break;
                case "current_price": draft.PriceUsd = JsonRecord.Price(property.Value, "current_price", draft); break;
                case "market_cap": draft.MarketCapUsd = JsonRecord.Number(property.Value, "market_cap", draft); break;
                case "total_volume": draft.Volume24hUsd = JsonRecord.Number(property.Value, "total_volume", draft); break;
                case "circulating_supply": draft.CirculatingSupply = JsonRecord.Number(property.Value, "circulating_supply", draft); break;
                case "total_supply": draft.TotalSupply = JsonRecord.Number(property.Value, "total_supply", draft); break;
                case "max_supply": draft.MaxSupply = JsonRecord.Number(property.Value, "max_supply", draft); break;
                case "last_updated": draft.QuotedAt = JsonRecord.Time(property.Value, "last_updated", draft); break;
            }
        }
    }

    /// <summary>What each coin is: it has the last word on symbol and name, and lists coins that have no market too.</summary>
    private sealed class CoinListStream(IServiceProvider services, TimeSpan minInterval) : ISourceStream
    {
        public string Name => "list";

        public RecordKind Kind => RecordKind.Profile;

        public bool ListsAll => true;

        public Action<JsonElement, RecordBuilder> Map => MapListed;

        public TimeSpan MinInterval => minInterval;

        public IAsyncEnumerable<SourcePage> ReadAsync(ResumePoint from, CancellationToken cancellationToken) =>
            services.GetRequiredService<CoinGeckoClient>().ReadListAsync(MapListed, from, cancellationToken);
    }

    /// <summary>A stream outlives no handler of the client factory: each reading asks for a client.</summary>
    private sealed class MarketsStream(IServiceProvider services, bool listsAll, TimeSpan minInterval) : ISourceStream
    {
        public TimeSpan MinInterval => minInterval;

        public string Name => CoinGeckoSchemas.Markets.Stream;

        public RecordKind Kind => RecordKind.Quote;

        public bool ListsAll => listsAll;

        public Action<JsonElement, RecordBuilder> Map => MapMarket;

        public IAsyncEnumerable<SourcePage> ReadAsync(ResumePoint from, CancellationToken cancellationToken) =>
            services.GetRequiredService<CoinGeckoClient>().ReadMarketsAsync(MapMarket, from, cancellationToken);
    }
}
