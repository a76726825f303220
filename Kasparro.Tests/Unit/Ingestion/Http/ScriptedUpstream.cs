using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.CoinGecko;
using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Kasparro.Tests.Unit.Ingestion.Http;

/// <summary>
/// The product's HTTP pipeline with scripted responses, on a clock that stands still but for waits: it jumps to the end of each one.
/// </summary>
internal sealed class ScriptedUpstream : IAsyncDisposable
{
    /// <summary>Time limits that differ from every wait.</summary>
    private static readonly Dictionary<string, string?> Patience = new(StringComparer.Ordinal)
    {
        [$"{CoinGeckoOptions.Section}:AttemptTimeout"] = "00:10:00",
        [$"{CoinGeckoOptions.Section}:TotalTimeout"] = "01:00:00",
        [$"{CoinGeckoOptions.Section}:RequestsPerMinute"] = "0",
    };

    private readonly ServiceProvider _services;
    private readonly ConcurrentQueue<Func<CancellationToken, Task<HttpResponseMessage>>> _script = new();

    public ScriptedUpstream(Action<IServiceCollection>? configure = null, params (string Key, string? Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(Patience)
            .AddInMemoryCollection(
                settings.ToDictionary(
                    setting => $"{CoinGeckoOptions.Section}:{setting.Key}", setting => setting.Value, StringComparer.Ordinal))
            .Build());
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Time);
        services.AddOptions<UpstreamKind>().Configure(kind => kind.Kind = "simulated");
        services.AddSingleton<IConnectionMultiplexer>(_ => throw new InvalidOperationException("No Redis here."));
        configure?.Invoke(services);
        services.AddUpstreamClient<Probe, CoinGeckoOptions>(
            SourceNames.CoinGecko, CoinGeckoOptions.Section,
            (headers, options) => headers.TryAddWithoutValidation(options.KeyHeader, options.ApiKey));
        services.ConfigureAll<HttpClientFactoryOptions>(options =>
            options.HttpMessageHandlerBuilderActions.Add(builder => builder.PrimaryHandler = new Handler(this)));
        _services = services.BuildServiceProvider();
        var options = Get<IOptions<CoinGeckoOptions>>().Value;
        Time.Limits.UnionWith([options.AttemptTimeout, options.TotalTimeout]);
    }

    private JumpingClock Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>When each attempt reached the upstream, and with which headers.</summary>
    public ConcurrentQueue<(DateTimeOffset At, HttpRequestHeaders Headers)> Attempts { get; } = new();

    public ScriptedUpstream Then(int status, string body, string? retryAfter = null, Uri? location = null)
    {
        _script.Enqueue(_ =>
        {
            var response =
                new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            if (retryAfter is not null)
            {
                response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
            }

            response.Headers.Location = location;
            return Task.FromResult(response);
        });
        return this;
    }

    public ScriptedUpstream ThenThrow(Exception exception)
    {
        _script.Enqueue(_ => Task.FromException<HttpResponseMessage>(exception));
        return this;
    }

    public ScriptedUpstream ThenHang()
    {
        _script.Enqueue(async token =>
        {
            Time.JumpBy(Get<IOptions<CoinGeckoOptions>>().Value.AttemptTimeout);
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException("never");
        });
        return this;
    }

    /// <summary>Makes one call with all its retries.</summary>
    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        using var response = await _services.GetRequiredService<Probe>().Http.GetJsonAsync("list", cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>A typed client that only exposes its HTTP client.</summary>
    internal sealed class Probe(HttpClient http)
    {
        public HttpClient Http => http;
    }

    private sealed class Handler(ScriptedUpstream upstream) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            upstream.Attempts.Enqueue((upstream.Time.GetUtcNow(), request.Headers));
            if (!upstream._script.TryDequeue(out var answer))
            {
                throw new InvalidOperationException("The script has no answer left.");
            }

            var response = await answer(cancellationToken);
            response.RequestMessage = request;
            return response;
        }
    }

    /// <summary>A clock that moves only while the pipeline waits between two attempts, or for an upstream that hangs.</summary>
    private sealed class JumpingClock(DateTimeOffset start) : FakeTimeProvider(start)
    {
        /// <summary>Timers of these durations are time limits, during which the pipeline works; all others are waits.</summary>
        public HashSet<TimeSpan> Limits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime > TimeSpan.Zero && !Limits.Contains(dueTime))
            {
                JumpBy(dueTime);
            }

            return timer;
        }

        /// <summary>Moves the clock from another thread, since the caller has yet to begin its wait.</summary>
        public void JumpBy(TimeSpan wait) => ThreadPool.QueueUserWorkItem(Advance, wait, preferLocal: false);
    }
}
