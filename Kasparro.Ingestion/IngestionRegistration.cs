using Kasparro.Ingestion.Identity;
using Kasparro.Ingestion.Loading;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.CoinGecko;
using Kasparro.Ingestion.Sources.CoinPaprika;
using Kasparro.Ingestion.Sources.Csv;
using Kasparro.ServiceDefaults;

namespace Kasparro.Ingestion;

/// <summary>Registers what an ingestion needs.</summary>
internal static class IngestionRegistration
{
    public static IHostApplicationBuilder AddIngestion(this IHostApplicationBuilder builder)
    {
        builder.AddCatalogue();
        builder.AddRedisClient(ResourceNames.Cache);

        var services = builder.Services;
        services.AddOptions<IngestionOptions>().BindConfiguration(IngestionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<UpstreamKind>().BindConfiguration(UpstreamKind.Section);

        services.AddUpstreamClient<CoinPaprikaClient, CoinPaprikaOptions>(
            CoinPaprikaOptions.Section, (headers, key) => headers.TryAddWithoutValidation("Authorization", key));
        services.AddUpstreamClient<CoinGeckoClient, CoinGeckoOptions>(
            CoinGeckoOptions.Section, (headers, key) => headers.Add("x-cg-demo-api-key", key));

        // In the order in which one ingestion reads them.
        services.AddSingleton<ISource, CoinPaprikaSource>();
        services.AddSingleton<ISource, CoinGeckoSource>();
        services.AddCsvSource();

        services.AddSingleton<Partitions>();
        services.AddIdentity();
        services.AddSingleton<PageLoader>();
        services.AddSingleton<EvidenceLoader>();
        services.AddSingleton<OverridesLoader>();
        services.AddSingleton<RunJournal>();
        services.AddSingleton<CatalogueAnnouncer>();
        services.AddSingleton<IngestionTelemetry>();
        services.AddSingleton<IngestionPipeline>();
        return builder;
    }
}
