using System.Net;
using System.Text.Json;
using StackExchange.Redis;

namespace Kasparro.Benchmarks.Api;

/// <summary>A client that requests pages which nobody requested before, one at a time.</summary>
internal sealed class RouteClock(ServerProcess api, IConnectionMultiplexer redis) : IDisposable
{
    private const int Requests = 20;
    private const int SmallestPage = 41;
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = new() { BaseAddress = new Uri(api.Url) };

    /// <summary>
    /// Measures the median time of a response, in milliseconds; all pages have different sizes, and the caches are cleared before.
    /// </summary>
    /// <param name="url">Creates the path and query of the n-th request for pages with a number of rows.</param>
    /// <param name="cancellationToken">Cancels the measurement.</param>
    public async Task<double> MeasureAsync(Func<int, int, string> url, CancellationToken cancellationToken)
    {
        await redis.GetSubscriber().PublishAsync(RedisChannel.Literal(CacheKeys.ClearChannel), "bench");
        await Task.Delay(Settling, cancellationToken);
        var times = new Reporting.Series();
        for (var n = 0; n < Requests; n++)
        {
            var began = TimeProvider.System.GetTimestamp();
            using var answer = await _http.GetAsync(new Uri(url(n, SmallestPage + n), UriKind.Relative), cancellationToken);
            await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            answer.EnsureSuccessStatusCode();
            times.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }

        return times.Median;
    }

    /// <summary>
    /// Finds the URLs after page <paramref name="page"/> from the <c>next</c> of responses, one for each page size; null if there is no
    /// such link.
    /// </summary>
    public async Task<string[]?> FindNextAsync(int page, CancellationToken cancellationToken)
    {
        var next = new string[Requests];
        for (var n = 0; n < Requests; n++)
        {
            await using var body =
                await _http.GetStreamAsync(new Uri($"/data?page={page}&page_size={SmallestPage + n}", UriKind.Relative), cancellationToken);
            using var json = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
            if (!json.RootElement.TryGetProperty("next", out var link) || link.GetString() is not { } path
                || !path.Contains("cursor=", StringComparison.Ordinal))
            {
                return null;
            }

            next[n] = path;
        }

        return next;
    }

    /// <summary>Whether this API has the resource or parameter at all.</summary>
    public async Task<bool> IsThereAsync(string url, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(new Uri(url, UriKind.Relative), cancellationToken);
        return answer.StatusCode is HttpStatusCode.OK;
    }

    public void Dispose() => _http.Dispose();
}
