using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;

namespace Kasparro.Ingestion.Sources;

/// <summary>What the HTTP upstreams' clients have in common: one resilience pipeline each, and one way to read an answer.</summary>
internal static class UpstreamHttp
{
    /// <summary>How much of an error's body is read and shown.</summary>
    private const int MaxErrorLength = 300;

    /// <summary>
    /// Registers a typed client with a pipeline of its own (Microsoft's standard one: rate limit, total timeout, retry that honours
    /// <c>Retry-After</c>, circuit breaker, attempt timeout), so that one upstream's trouble never opens another's breaker.
    /// </summary>
    public static IServiceCollection AddUpstreamClient<TClient, TOptions>(
        this IServiceCollection services, string section, Action<HttpRequestHeaders, string> addKey)
        where TClient : class
        where TOptions : UpstreamOptions
    {
        services.AddOptions<TOptions>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
        services.AddHttpClient<TClient>((provider, http) =>
            {
                var options = provider.GetRequiredService<IOptions<TOptions>>().Value;
                http.BaseAddress = options.BaseUrl;
                http.Timeout = Timeout.InfiniteTimeSpan; // The pipeline has the timeouts; this one would cut its retries short.
                http.DefaultRequestHeaders.UserAgent.ParseAdd("Kasparro/1.0");
                http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
                if (options.ApiKey.Length > 0)
                {
                    addKey(http.DefaultRequestHeaders, options.ApiKey);
                }
            })
            .AddStandardResilienceHandler()
            .Configure((pipeline, provider) => Configure(pipeline, provider.GetRequiredService<IOptions<TOptions>>().Value));
        return services;
    }

    /// <summary>Sends the request and returns the answer with its body still to be read.</summary>
    /// <exception cref="SourceException">Another status than 2xx, after the retries, or a body that is no JSON.</exception>
    /// <exception cref="HttpRequestException">No answer, after the retries.</exception>
    public static async Task<HttpResponseMessage> GetJsonAsync(this HttpClient http, string route, CancellationToken cancellationToken)
    {
        var response = await http.GetAsync(new Uri(route, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        try
        {
            if (!response.IsSuccessStatusCode)
            {
                var body = await ReadErrorAsync(response.Content, cancellationToken);
                throw new SourceException($"GET {route} answered {(int)response.StatusCode} {response.ReasonPhrase}: {body}");
            }

            if (response.Content.Headers.ContentType?.MediaType is { } type && !type.Contains("json", StringComparison.OrdinalIgnoreCase))
            {
                throw new SourceException($"GET {route} answered {(int)response.StatusCode} with {type} in place of JSON.");
            }

            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>The elements of the answer's top-level array, as they arrive.</summary>
    /// <exception cref="SourceException">The body is not a whole JSON array, or did not arrive in time.</exception>
    public static async IAsyncEnumerable<JsonElement> ReadArrayAsync(
        this HttpResponseMessage response,
        string route,
        TimeSpan timeout,
        TimeProvider time,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
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
                throw new SourceException($"GET {route} answered with something that is not a whole JSON array: {e.Message}", e);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                throw new SourceException($"GET {route} broke off in the middle of its answer: {e.Message}", e);
            }
            catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new SourceException($"GET {route} did not finish its answer within {timeout.TotalSeconds:0.#} s.", e);
            }

            yield return elements.Current;
        }
    }

    private static void Configure(HttpStandardResilienceOptions pipeline, UpstreamOptions options)
    {
        pipeline.AttemptTimeout.Timeout = options.AttemptTimeout;
        pipeline.TotalRequestTimeout.Timeout = options.TotalTimeout > options.AttemptTimeout ? options.TotalTimeout : options.AttemptTimeout;
        pipeline.CircuitBreaker.SamplingDuration = options.AttemptTimeout * 2 > TimeSpan.FromSeconds(30)
            ? options.AttemptTimeout * 2
            : TimeSpan.FromSeconds(30);
        pipeline.Retry.MaxRetryAttempts = options.MaxRetries;
        pipeline.Retry.Delay = options.RetryDelay;
        pipeline.Retry.BackoffType = DelayBackoffType.Exponential;
        pipeline.Retry.UseJitter = true;
        pipeline.Retry.ShouldRetryAfterHeader = true;
        if (options.RequestsPerMinute > 0)
        {
            // One bucket for the process: the strategy is built once and outlives the handlers that the factory rotates.
            var bucket = new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
            {
                TokenLimit = options.RequestsPerMinute,
                TokensPerPeriod = options.RequestsPerMinute,
                ReplenishmentPeriod = TimeSpan.FromMinutes(1),
                QueueLimit = int.MaxValue,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            });
            pipeline.RateLimiter.RateLimiter = arguments => bucket.AcquireAsync(1, arguments.Context.CancellationToken);
        }
    }

    private static async Task<string> ReadErrorAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxErrorLength];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var text = string.Join(' ', System.Text.Encoding.UTF8.GetString(buffer, 0, length).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length == 0 ? "no body" : text;
    }
}
