using System.Text.Json;
using System.Text.Json.Serialization;
using Kasparro.Api.Assets;
using Kasparro.Api.Backfills;
using Kasparro.Api.Changes;
using Kasparro.Api.CoinGeckoApi;
using Kasparro.Api.CoinPaprikaApi;
using Kasparro.Api.Events;
using Kasparro.Api.Export;
using Kasparro.Api.Health;
using Kasparro.Api.History;
using Kasparro.Api.Http;
using Kasparro.Api.Identity;
using Kasparro.Api.Ingestions;
using Kasparro.Api.Mappings;
using Kasparro.Api.Quality;
using Kasparro.Api.Resolve;
using Kasparro.Api.Runs;
using Kasparro.Api.Stats;
using Kasparro.Api.TokenContracts;

namespace Kasparro.Api;

/// <summary>The types of bodies, for which JSON serialization is generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AmbiguousId))]
[JsonSerializable(typeof(IAsyncEnumerable<AssetMapping>))]
[JsonSerializable(typeof(AssetMoved))]
[JsonSerializable(typeof(AssetResponse))]
[JsonSerializable(typeof(BackfillList))]
[JsonSerializable(typeof(BackfillRequest))]
[JsonSerializable(typeof(BackfillResponse))]
[JsonSerializable(typeof(CatalogueEvent))]
[JsonSerializable(typeof(ChangesResponse))]
[JsonSerializable(typeof(CoinGeckoChart))]
[JsonSerializable(typeof(CoinGeckoCoin))]
[JsonSerializable(typeof(CoinGeckoGlobal))]
[JsonSerializable(typeof(CoinGeckoKey))]
[JsonSerializable(typeof(CoinGeckoPing))]
[JsonSerializable(typeof(CoinGeckoRates))]
[JsonSerializable(typeof(CoinGeckoSearch))]
[JsonSerializable(typeof(ConflictPage))]
[JsonSerializable(typeof(DataQualityResponse))]
[JsonSerializable(typeof(ExportRow))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(HeartbeatEvent))]
[JsonSerializable(typeof(HistoriesResponse))]
[JsonSerializable(typeof(HistoryResponse))]
[JsonSerializable(typeof(IngestionResponse))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>>), TypeInfoPropertyName = "PricesByCoin")]
[JsonSerializable(typeof(IReadOnlyDictionary<string, IReadOnlyList<PaprikaCoin>>), TypeInfoPropertyName = "FoundByCategory")]
[JsonSerializable(typeof(IReadOnlyList<CoinGeckoListed>))]
[JsonSerializable(typeof(IReadOnlyList<CoinGeckoMarket>))]
[JsonSerializable(typeof(IReadOnlyList<CoinGeckoPlatform>))]
[JsonSerializable(typeof(IReadOnlyList<IReadOnlyList<double>>))]
[JsonSerializable(typeof(IReadOnlyList<PaprikaCandle>))]
[JsonSerializable(typeof(IReadOnlyList<PaprikaContract>))]
[JsonSerializable(typeof(IReadOnlyList<PaprikaMapping>))]
[JsonSerializable(typeof(IReadOnlyList<PaprikaTick>))]
[JsonSerializable(typeof(IReadOnlyList<PaprikaTicker>))]
[JsonSerializable(typeof(OverrideList))]
[JsonSerializable(typeof(OverrideRequest))]
[JsonSerializable(typeof(PaprikaCoinDetails))]
[JsonSerializable(typeof(PaprikaGlobal))]
[JsonSerializable(typeof(PaprikaKey))]
[JsonSerializable(typeof(PriceAtResponse))]
[JsonSerializable(typeof(ResolveBody))]
[JsonSerializable(typeof(ResolvedId[]))]
[JsonSerializable(typeof(RunComparison))]
[JsonSerializable(typeof(RunEvent))]
[JsonSerializable(typeof(RunPage))]
[JsonSerializable(typeof(RunResponse))]
[JsonSerializable(typeof(StatsResponse))]
[JsonSerializable(typeof(TokenContractResponse))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>The context with <see cref="RelaxedJson"/>'s options.</summary>
    public static ApiJson Relaxed { get; } = new(RelaxedJson.CreateOptions());
}

internal static class ApiJsonExtensions
{
    public static void AddJson(this WebApplicationBuilder builder) => builder.Services.ConfigureHttpJsonOptions(json =>
    {
        json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        json.SerializerOptions.TypeInfoResolverChain.Insert(1, ErrorJson.Default);
        json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;

        // Strict, since otherwise the OpenAPI document would allow strings for numbers, and generated clients would follow it.
        json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        json.SerializerOptions.AllowDuplicateProperties = false; // Which of the two counts, nobody can know.
    });
}
