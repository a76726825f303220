using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Logos;

/// <summary>Registers the services that fetch logos.</summary>
internal static class LogoServiceCollectionExtensions
{
    /// <summary>How long one logo may take, including all attempts and the body.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(45);

    public static IServiceCollection AddLogos(this IServiceCollection services)
    {
        services.AddSettings<LogoOptions>(LogoOptions.Section)
            .ValidateDataAnnotations()
            .Validate(
                options => options.Hosts.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .All(host => Uri.CheckHostName(host) is UriHostNameType.Dns),
                $"{LogoOptions.Section}:Hosts must be names of hosts, with commas between them.")
            .Validate(options => UpstreamOptions.IsBaseUrl(options.Origin), $"{LogoOptions.Section}:Origin {UpstreamOptions.BaseUrlRule}");
        var client = services.AddHttpClient<LogoClient>((provider, http) =>
            {
                // Unlike the pipeline's timeouts, this one includes the body, which the client buffers up to the given size.
                http.Timeout = Timeout;
                http.MaxResponseContentBufferSize = provider.GetRequiredService<IOptions<LogoOptions>>().Value.MaxBytes;
                http.DefaultRequestHeaders.UserAgent.ParseAdd("Kasparro/1.0");
                http.DefaultRequestHeaders.Accept.ParseAdd("image/png, image/jpeg, image/webp, image/gif");
            })
            .ConfigurePrimaryHttpMessageHandler(provider =>
            {
                var handler = new SocketsHttpHandler
                {
                    AllowAutoRedirect = false, // A redirect could lead to any host.
                    UseCookies = false,
                    PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                };
                if (provider.GetRequiredService<IOptions<LogoOptions>>().Value.Origin is null)
                {
                    handler.ConnectCallback = PublicAddress.ConnectAsync;
                }

                return handler;
            });
        client.RemoveAllLoggers();
        client.AddStandardResilienceHandler(pipeline =>
        {
            pipeline.Retry.MaxRetryAttempts = 2;
            pipeline.Retry.Delay = TimeSpan.FromMilliseconds(500);
            pipeline.Retry.ShouldHandle = attempt => ValueTask.FromResult(
                HttpClientResiliencePredicates.IsTransient(attempt.Outcome)
                && attempt.Outcome.Exception?.InnerException is not LogoRefusedException);
        });
        services.AddSingleton<LogoFetcher>();
        return services;
    }
}
