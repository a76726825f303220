using Kasparro.Ingestion.Loading.References;
using Kasparro.Ingestion.Loading.TokenLists;
using Kasparro.Ingestion.Matching;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Loading;

/// <summary>Registers the stores and the services that match and load records.</summary>
internal static class LoadingServiceCollectionExtensions
{
    public static IServiceCollection AddLoading(this IServiceCollection services)
    {
        services.AddSettings<LoadingOptions>(LoadingOptions.Section).ValidateDataAnnotations();
        services.AddSettings<IdentityOptions>(IdentityOptions.Section).ValidateDataAnnotations();
        services.AddSingleton<IValidateOptions<IdentityOptions>, OverridesFileValidator>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<IdentityOptions>>().Value.ReadOverrides());
        services.AddSingleton<EffectiveOverrides>();
        services.AddSingleton<Partitions>();
        services.AddSingleton<LeaseStore>();
        services.AddSingleton<RunStore>();
        services.AddSingleton<CheckpointStore>();
        services.AddSingleton<CompletenessCheck>();
        services.AddSingleton<PageLoader>();
        services.AddSingleton<DelistingLoader>();
        services.AddSingleton<IngestionTelemetry>();
        services.AddSingleton<OverridesLoader>();
        services.AddSingleton<AssetResolver>();
        services.AddSettings<ReferenceFileOptions>(ReferenceFileOptions.Section).ValidateDataAnnotations();
        services.AddSingleton<ReferenceFileLoader>();
        services.AddSingleton<TokenListPublisher>();
        return services;
    }
}
