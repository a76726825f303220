namespace Kasparro.Ingestion.Identity;

/// <summary>Registers what decides identity.</summary>
internal static class IdentityRegistration
{
    public static IServiceCollection AddIdentity(this IServiceCollection services)
    {
        services.AddSingleton(IdentityOverrides.None);
        services.AddSingleton<IdentityResolver>();
        return services;
    }
}
