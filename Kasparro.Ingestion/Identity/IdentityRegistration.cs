using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Identity;

/// <summary>Registers what decides identity.</summary>
internal static class IdentityRegistration
{
    public static IServiceCollection AddIdentity(this IServiceCollection services)
    {
        services.AddSettings<IdentityOptions>(IdentityOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => IdentityOverridesFile.Read(
            Path.Combine(AppContext.BaseDirectory, provider.GetRequiredService<IOptions<IdentityOptions>>().Value.OverridesFile)));
        services.AddSingleton<OverridesInForce>();
        services.AddSingleton<KnownKeys>();
        services.AddSingleton<IdentityResolver>();
        return services;
    }
}
