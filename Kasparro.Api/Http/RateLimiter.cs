using System.Globalization;
using Kasparro.ServiceDefaults.Operators;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Kasparro.Api.Http;

/// <summary>
/// Counts requests by client, sends each client its remaining quota (draft-ietf-httpapi-ratelimit-headers-11), and rejects requests over
/// the limit. Counting is local and never waits; <see cref="RateLimitSync"/> adds the counts of other replicas.
/// </summary>
internal sealed class RateLimiter(OperatorKeys operatorKeys, TimeProvider time, IOptions<RateLimitOptions> options)
{
    private const string PolicyName = "default";

    // Enough for both numbers at their longest; a value that is too small only costs time.
    private const int MaxFieldLength = 64;

    private readonly RateLimitOptions _options = options.Value;
    private readonly StringValues _policy = string.Create(
        CultureInfo.InvariantCulture, $"\"{PolicyName}\";q={options.Value.Requests};w={(long)options.Value.Window.TotalSeconds}");
    private volatile RateWindow _window = new(0, 0);

    /// <summary>The window in which requests are currently counted.</summary>
    public RateWindow Window => _window;

    /// <summary>
    /// Counts the request and sets the rate limit headers. Returns false if the request is over the limit and not a health probe.
    /// </summary>
    public bool TryCount(HttpContext context)
    {
        var now = time.GetUtcNow().UtcTicks;
        var window = WindowAt(now);
        var left = _options.Requests - window.GetCount(GetClient(context)).Add();
        var seconds = (window.EndsAt - now + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
        var headers = context.Response.Headers;
        headers["RateLimit-Policy"] = _policy;
        headers["RateLimit"] = string.Create(
            CultureInfo.InvariantCulture, stackalloc char[MaxFieldLength], $"\"{PolicyName}\";r={Math.Max(0, left)};t={seconds}");
        if (left >= 0 || IsProbe(context.Request.Path))
        {
            return true;
        }

        headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return false;
    }

    /// <summary>Whether the path is a health probe, which is never rejected: the limit must not make the service look dead.</summary>
    private static bool IsProbe(PathString path) => path.Value is "/health" or "/alive" or GracefulShutdownExtensions.ReadyPath;

    private RateWindow WindowAt(long now)
    {
        var window = _window;
        var length = _options.Window.Ticks;
        var number = now / length;

        // Two threads may read the clock in one order and arrive here in the other, so the window may be one ahead. If the clock is set
        // back further, a new window begins: the old one would last until the clock has caught up.
        if (window.Number == number || window.Number == number + 1)
        {
            return window;
        }

        var next = new RateWindow(number, (number + 1) * length);
        var found = Interlocked.CompareExchange(ref _window, next, window);
        return found == window ? next : found;
    }

    private ClientKey GetClient(HttpContext context) =>
        context.Request.Headers.TryGetValue(OperatorKeyExtensions.Header, out var sent) && sent.ToString() is { Length: > 0 } key
            && operatorKeys.Find(key) is { } name
            ? new ClientKey(name, 0, false)
            : ClientKey.From(context.Connection.RemoteIpAddress);
}

internal static class RateLimitExtensions
{
    public static void AddRateLimit(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<RateLimitOptions>(RateLimitOptions.Section)
            .Validate(options => options.Window.Ticks % TimeSpan.TicksPerSecond == 0,
                $"{RateLimitOptions.Section}:Window must be whole seconds.");
        builder.Services.AddSingleton<RateLimiter>();
        builder.Services.AddHostedService<RateLimitSync>();
    }

    /// <summary>Counts and limits requests. Must come before any expensive middleware.</summary>
    public static void UseRateLimit(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<RateLimitOptions>>().Value.Enabled)
        {
            return;
        }

        var limiter = app.Services.GetRequiredService<RateLimiter>();
        app.Use(next => context => limiter.TryCount(context) ? next(context)
            : Problems.WriteAsync(context, StatusCodes.Status429TooManyRequests));
    }
}
