using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.RateLimiting;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;
using Polly.Timeout;
using StackExchange.Redis;

namespace Kasparro.Ingestion.Sources;

/// <summary>What the HTTP upstreams' clients have in common: one resilience pipeline each, and one way to read an answer.</summary>
internal static partial class UpstreamHttp
{
    /// <summary>
    /// Registers a typed client with a pipeline of its own (Microsoft's standard one: rate limit, total timeout, retry, circuit breaker,
    /// attempt timeout), so that one upstream's trouble never opens another's breaker. What is retried, <see cref="AnswerClassifier"/> says.
    /// </summary>
    public static IServiceCollection AddUpstreamClient<TClient, TOptions>(
        this IServiceCollection services, string source, string section, Action<HttpRequestHeaders, TOptions> addKey)
        where TClient : class
        where TOptions : UpstreamOptions, new()
    {
        services.AddSettings<TOptions>(section)
            .ValidateDataAnnotations()
            .Validate(
                options => options.BaseUrl is null || (options.BaseUrl is { IsAbsoluteUri: true, Scheme: "http" or "https" } url && url.AbsolutePath.EndsWith('/')),
                $"{section}:BaseUrl must begin with http:// or https:// and end with a slash.")
            .ValidateOnStart();
        var client = services.AddHttpClient<TClient>((provider, http) =>
            {
                var options = provider.GetRequiredService<IOptions<TOptions>>().Value;
                http.BaseAddress = options.BaseUrl;
                http.Timeout = Timeout.InfiniteTimeSpan; // The pipeline has the timeouts; this one would cut its retries short.
                http.DefaultRequestHeaders.UserAgent.ParseAdd("Kasparro/1.0");
                http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
                if (options.ApiKey.Length > 0)
                {
                    addKey(http.DefaultRequestHeaders, options);
                }
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false, // A redirect would carry the key to whatever host it names.
                AutomaticDecompression = DecompressionMethods.All,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            });
        client.RemoveAllLoggers(); // They redact a header in the message, but hand its value to exporters in the structured state.
        client.AddStandardResilienceHandler()
            .Configure((pipeline, provider) => Configure(pipeline, source, provider.GetRequiredService<IOptions<TOptions>>().Value, provider));

        // Added after the resilience handler, so within it: each attempt is counted and judged.
        services.AddSingleton(provider => new ConfiguredSecret(provider.GetRequiredService<IOptions<TOptions>>().Value.ApiKey));
        services.TryAddSingleton<Secrets>();
        services.AddKeyedSingleton(source, (provider, _) => CreateBudget(provider, source, provider.GetRequiredService<IOptions<TOptions>>().Value));
        services.TryAddSingleton<UpstreamCalls>();
        client.AddHttpMessageHandler(provider =>
            new BudgetedCalls(source, provider.GetRequiredKeyedService<CallBudget>(source), provider.GetRequiredService<UpstreamCalls>()));
        client.AddHttpMessageHandler(provider =>
            new AnswerInspection(
                new AnswerClassifier(section), provider.GetRequiredService<Secrets>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    /// <summary>Sends the request and returns the answer, which begins as a JSON array, with its body still to be read.</summary>
    /// <exception cref="SourceException">Another answer, after the retries; no answer in time; or the circuit breaker is open.</exception>
    /// <exception cref="HttpRequestException">No answer, after the retries.</exception>
    public static async Task<HttpResponseMessage> GetJsonAsync(this HttpClient http, string route, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(route, UriKind.Relative));
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (TimeoutRejectedException e)
        {
            throw new SourceException($"GET {route} had no answer in time{LastAnswer(request)}.", e);
        }
        catch (BrokenCircuitException e)
        {
            throw new SourceException($"GET {route} was not sent: the upstream failed too often of late{LastAnswer(request)}.", e);
        }

        if (request.Options.TryGetValue(UpstreamVerdict.Key, out var verdict) && verdict.Kind is not VerdictKind.Accept)
        {
            response.Dispose();
            throw new SourceException($"GET {route} {verdict}");
        }

        return response;
    }

    /// <summary>The elements of the answer's top-level array, as they arrive.</summary>
    /// <exception cref="BrokenAnswerException">The body is not a whole JSON array, or did not arrive in time.</exception>
    public static async IAsyncEnumerable<JsonElement> ReadArrayAsync(
        this HttpResponseMessage response,
        string route,
        TimeSpan timeout,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(either.Token);
        await using var elements = JsonSerializer.DeserializeAsyncEnumerable(body, UpstreamJson.Default.JsonElement, either.Token)
            .GetAsyncEnumerator(either.Token);
        while (true)
        {
            try
            {
                if (!await elements.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (JsonException e)
            {
                throw new BrokenAnswerException($"GET {route} answered with something that is not a whole JSON array: {e.Message}", e);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
            {
                throw new BrokenAnswerException($"GET {route} broke off in the middle of its answer: {e.Message}", e);
            }
            catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new BrokenAnswerException($"GET {route} did not finish its answer within {timeout.TotalSeconds:0.#} s.", e);
            }

            yield return elements.Current;
        }
    }

    private static void Configure(HttpStandardResilienceOptions pipeline, string source, UpstreamOptions options, IServiceProvider provider)
    {
        pipeline.AttemptTimeout.Timeout = options.AttemptTimeout;
        pipeline.TotalRequestTimeout.Timeout = options.TotalTimeout > options.AttemptTimeout ? options.TotalTimeout : options.AttemptTimeout;
        RetryPolicy.Apply(pipeline.CircuitBreaker, options);
        RetryPolicy.Apply(pipeline.Retry, options);
        var takeTurn = options.RequestsPerMinute > 0 ? TurnsOf(source, options, provider) : null;
        if (takeTurn is not null)
        {
            pipeline.RateLimiter.RateLimiter = arguments => takeTurn(arguments.Context.CancellationToken);
        }

        var logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(UpstreamHttp).FullName!);
        pipeline.Retry.OnRetry = async arguments =>
        {
            Log.Retries(logger, source, arguments.AttemptNumber + 1, options.MaxRetries, arguments.RetryDelay, RetryPolicy.ReasonOf(arguments.Outcome));

            // The pipeline's own limiter is outside the retries; they are calls like any other.
            if (takeTurn is not null)
            {
                (await takeTurn(arguments.Context.CancellationToken)).Dispose();
            }
        };
    }

    /// <summary>Waits until one more call keeps within the limit of a minute: in this process, and over all that Redis knows of.</summary>
    private static Func<CancellationToken, ValueTask<RateLimitLease>> TurnsOf(string source, UpstreamOptions options, IServiceProvider provider)
    {
        // One limiter for the process: the strategy is built once and outlives the handlers that the factory rotates.
        var limiter = new SlidingWindowRateLimiter(new SlidingWindowRateLimiterOptions
        {
            PermitLimit = options.RequestsPerMinute,
            Window = CacheKeys.CallWindow,
            SegmentsPerWindow = 12,
            QueueLimit = int.MaxValue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
        var pace = new CallPace(
            source, options.RequestsPerMinute, provider.GetRequiredService<IConnectionMultiplexer>, provider.GetRequiredService<TimeProvider>());
        return async cancellationToken =>
        {
            var lease = await limiter.AcquireAsync(1, cancellationToken);
            await pace.WaitAsync(cancellationToken);
            return lease;
        };
    }

    private static CallBudget CreateBudget(IServiceProvider provider, string source, UpstreamOptions options)
    {
        var budget = new CallBudget(
            source,
            provider.GetRequiredService<IOptions<UpstreamKind>>().Value.IsLive ? options.MonthlyCallBudget : 0,
            provider.GetRequiredService<IConnectionMultiplexer>,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CallBudget>>());
        provider.GetService<IngestionTelemetry>()?.Observe(source, budget);
        return budget;
    }

    private static string LastAnswer(HttpRequestMessage request) =>
        request.Options.TryGetValue(UpstreamVerdict.Key, out var verdict) ? $"; before that it {verdict}" : "";

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Source}: retry {Retry} of {Retries} in {Wait}: {Reason}")]
        public static partial void Retries(ILogger logger, string source, int retry, int retries, TimeSpan wait, string reason);
    }
}
