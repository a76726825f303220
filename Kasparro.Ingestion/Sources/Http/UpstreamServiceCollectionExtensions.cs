using System.Net;
using System.Net.Http.Headers;
using System.Threading.RateLimiting;
using Kasparro.Ingestion.Model;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Npgsql;
using StackExchange.Redis;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>Registers the clients of the HTTP upstreams, each with its own resilience pipeline, rate limit and quota.</summary>
internal static partial class UpstreamServiceCollectionExtensions
{
    /// <summary>
    /// Registers a typed client with its own pipeline (Microsoft's standard one: rate limit, total timeout, retry, circuit breaker, attempt
    /// timeout), so that failures of one upstream never open another's breaker. <see cref="ResponseClassifier"/> decides what is retried.
    /// </summary>
    public static IServiceCollection AddUpstreamClient<TClient, TOptions>(
        this IServiceCollection services, string source, string section, Action<HttpRequestHeaders, TOptions> addKey)
        where TClient : class
        where TOptions : UpstreamOptions, new()
    {
        services.AddSettings<TOptions>(section)
            .ValidateDataAnnotations()
            .Validate(options => UpstreamOptions.IsBaseUrl(options.BaseUrl), $"{section}:BaseUrl {UpstreamOptions.BaseUrlRule}");
        var client = services.AddHttpClient<TClient>((provider, http) =>
            {
                var options = provider.GetRequiredService<IOptions<TOptions>>().Value;
                http.BaseAddress = options.BaseUrl;
                http.Timeout = Timeout.InfiniteTimeSpan; // The pipeline has the timeouts; this one would cut retries short.
                http.DefaultRequestHeaders.UserAgent.ParseAdd("Kasparro/1.0");
                http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
                if (options.ApiKey.Length > 0)
                {
                    addKey(http.DefaultRequestHeaders, options);
                }
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false, // A redirect could send the key to any host.
                AutomaticDecompression = DecompressionMethods.All,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            });
        client.RemoveAllLoggers(); // They redact headers in messages, but not in the structured state that exporters get.
        client.AddStandardResilienceHandler()
            .Configure((pipeline, provider) =>
                Configure(pipeline, source, provider.GetRequiredService<IOptions<TOptions>>().Value, provider));

        // Added after the resilience handler, and so inside it: each attempt is counted and classified.
        services.AddSingleton(provider => new ConfiguredSecret(provider.GetRequiredService<IOptions<TOptions>>().Value.ApiKey));
        services.TryAddSingleton<SecretRedactor>();
        services.AddKeyedSingleton(
            source, (provider, _) => CreateQuota(provider, source, provider.GetRequiredService<IOptions<TOptions>>().Value));
        services.TryAddSingleton<UpstreamCalls>();
        client.AddHttpMessageHandler(provider =>
            new QuotaHandler(source, provider.GetRequiredKeyedService<MonthlyQuota>(source), provider.GetRequiredService<UpstreamCalls>()));
        client.AddHttpMessageHandler(provider =>
            new ResponseClassificationHandler(
                new ResponseClassifier(section), provider.GetRequiredService<SecretRedactor>(),
                provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    private static void Configure(HttpStandardResilienceOptions pipeline, string source, UpstreamOptions options, IServiceProvider provider)
    {
        pipeline.AttemptTimeout.Timeout = options.AttemptTimeout;
        pipeline.TotalRequestTimeout.Timeout = options.TotalTimeout > options.AttemptTimeout
            ? options.TotalTimeout
            : options.AttemptTimeout;
        RetryPolicy.Apply(pipeline.CircuitBreaker, options);
        RetryPolicy.Apply(pipeline.Retry, options);
        var takeTurn = options.RequestsPerMinute > 0 ? CreateTurns(source, options, provider) : null;
        if (takeTurn is not null)
        {
            pipeline.RateLimiter.RateLimiter = arguments => takeTurn(arguments.Context.CancellationToken);
        }

        var logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(UpstreamServiceCollectionExtensions).FullName!);
        pipeline.Retry.OnRetry = async arguments =>
        {
            Log.Retries(logger, source, arguments.AttemptNumber + 1, options.MaxRetries, arguments.RetryDelay,
                RetryPolicy.GetReason(arguments.Outcome));

            // The pipeline's own limiter is outside the retries, but retries are calls like any other.
            if (takeTurn is not null)
            {
                (await takeTurn(arguments.Context.CancellationToken)).Dispose();
            }
        };
    }

    /// <summary>Waits until another call is within the limit per minute, in this process and across all that share Redis.</summary>
    private static Func<CancellationToken, ValueTask<RateLimitLease>> CreateTurns(
        string source, UpstreamOptions options, IServiceProvider provider)
    {
        // One limiter per process: the strategy is built once and outlives the handlers that the factory rotates.
        var limiter = new SlidingWindowRateLimiter(new SlidingWindowRateLimiterOptions
        {
            PermitLimit = options.RequestsPerMinute,
            Window = CacheKeys.CallWindow,
            SegmentsPerWindow = 12,
            QueueLimit = int.MaxValue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
        var pace = new UpstreamRateLimiter(
            source, options.RequestsPerMinute, provider.GetRequiredService<IConnectionMultiplexer>,
            provider.GetRequiredService<TimeProvider>());
        return async cancellationToken =>
        {
            var lease = await limiter.AcquireAsync(1, cancellationToken);
            await pace.WaitAsync(cancellationToken);
            return lease;
        };
    }

    private static MonthlyQuota CreateQuota(IServiceProvider provider, string source, UpstreamOptions options)
    {
        var quota = new MonthlyQuota(
            source,
            provider.GetRequiredService<IOptions<UpstreamKind>>().Value.IsLive ? options.MonthlyCallBudget : 0,
            provider.GetRequiredService<NpgsqlDataSource>,
            provider.GetRequiredService<TimeProvider>());
        provider.GetService<IngestionTelemetry>()?.Observe(source, quota.Limit, () => quota.Left);
        return quota;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Source}: retry {Retry} of {Retries} in {Wait}: {Reason}")]
        public static partial void Retries(ILogger logger, string source, int retry, int retries, TimeSpan wait, string reason);
    }
}
