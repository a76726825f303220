using Kasparro.Data;
using Kasparro.Ingestion.Backfills;
using Kasparro.Ingestion.Loading;
using Kasparro.Ingestion.Logos;
using Kasparro.Ingestion.Rollups;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.CoinGecko;
using Kasparro.Ingestion.Sources.CoinPaprika;
using Kasparro.Ingestion.Sources.Csv;
using Kasparro.Ingestion.Sources.Drift;
using Kasparro.Ingestion.Sources.Http;
using Kasparro.ServiceDefaults;

namespace Kasparro.Ingestion;

/// <summary>Registers the services of an ingestion.</summary>
internal static class IngestionServiceCollectionExtensions
{
    public static IHostApplicationBuilder AddIngestion(this IHostApplicationBuilder builder)
    {
        // Each page runs the same statements, which take longer to plan than to execute if few records changed (ADR 0008), so plans are
        // kept. By the third use, an empty catalogue has been filled, and the plan looks rows up by index.
        builder.AddPostgres<CatalogueContext>(
            ResourceNames.Catalogue,
            CatalogueContext.Configure,
            connection =>
            {
                connection.MaxAutoPrepare = 100;
                connection.AutoPrepareMinUsages = 3;
            });
        builder.AddRedis(ResourceNames.Cache, settings => settings.DisableHealthChecks = true);

        builder.AddSources();

        var services = builder.Services;
        services.AddSettings<IngestionOptions>(IngestionOptions.Section).ValidateDataAnnotations();
        services.AddSettings<RetentionOptions>(RetentionOptions.Section).ValidateDataAnnotations();
        services.AddSingleton<Retention>();
        services.AddSingleton<CandleRollup>();
        services.AddSingleton<RejectedReplay>();
        services.AddLoading();
        services.AddSingleton<AssetSearch>();
        services.AddSingleton<CatalogueAnnouncer>();
        services.AddSingleton<RunLock>();
        services.AddSingleton<IngestionOrderStore>();
        services.AddSingleton<DerivedData>();
        services.AddSingleton<BackfillStore>();
        services.AddLogos();
        services.AddSingleton<IngestionPipeline>();
        return builder;
    }

    /// <summary>Adds the worker, which reads each source when it is due; requires <see cref="AddIngestion"/>.</summary>
    public static IHostApplicationBuilder AddIngestionWorker(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<WakeUp>();
        services.AddSingleton<WorkerHealth>();
        services.AddSingleton<IngestionQueue>();
        services.AddSingleton<SourceSchedule>();
        services.AddSettings<BackfillOptions>(BackfillOptions.Section).ValidateDataAnnotations();
        services.AddSingleton<BackfillPlanner>();
        services.AddSingleton<BackfillBudget>();
        services.AddSingleton<BackfillRuns>();
        services.AddSingleton<BackfillTelemetry>();
        services.AddSingleton<ISpareTimeWork, Backfiller>();
        services.AddHealthChecks().AddCheck<WorkerHealth>("worker").AddCheck<RedisHealth>("cache");
        services.AddHostedService<IngestionOrderListener>();
        services.AddHostedService<IngestionWorker>();
        services.AddHostedService<LogoWorker>();
        return builder;
    }

    /// <summary>Adds the sources and their dependencies, which need neither PostgreSQL nor Redis as long as no calls are counted.</summary>
    public static IHostApplicationBuilder AddSources(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddFilter("Polly", LogLevel.None); // It logs a stack trace per attempt; UpstreamHttp logs one line.

        var services = builder.Services;
        services.AddSettings<UpstreamKind>(UpstreamKind.Section).ValidateDataAnnotations();

        services.AddUpstreamClient<CoinPaprikaClient, CoinPaprikaOptions>(
            SourceNames.CoinPaprika, CoinPaprikaOptions.Section,
            (headers, options) => headers.TryAddWithoutValidation("Authorization", options.AuthorizationHeader));
        services.AddUpstreamClient<CoinGeckoClient, CoinGeckoOptions>(
            SourceNames.CoinGecko, CoinGeckoOptions.Section,
            (headers, options) => headers.TryAddWithoutValidation(options.KeyHeader, options.ApiKey));

        // In the order in which an ingestion reads them.
        services.AddSingleton<ISource, CoinPaprikaSource>();
        services.AddSingleton<ISource, CoinGeckoSource>();
        services.AddCsvSource();

        // In order of preference: CoinGecko returns 90 days of hourly prices per call.
        services.AddSingleton<IHistorySource, CoinGeckoHistory>();
        services.AddSingleton<IHistorySource, CoinPaprikaHistory>();

        services.AddSettings<SchemaDriftOptions>(SchemaDriftOptions.Section);
        services.AddSingleton<DriftReview>();
        return builder;
    }
}
