using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

internal static class HealthCheckRegistrations
{
    /// <summary>Registers a check once a name: two registrations of one name fail when health is first asked for.</summary>
    public static void TryAddHealthCheck(this IHostApplicationBuilder builder, string name, Action<IHealthChecksBuilder> add)
    {
        if (builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true))
        {
            add(builder.Services.AddHealthChecks());
        }
    }
}
