using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Sources.CoinGecko;

/// <summary>
/// CoinGecko's past prices: hourly for the last 90 days, daily before that. The vendor chooses by the length of the window.
/// </summary>
internal sealed class CoinGeckoHistory(IServiceProvider services, IOptions<CoinGeckoOptions> options, TimeProvider time) : IHistorySource
{
    /// <summary>The longest window that has hourly points.</summary>
    private static readonly TimeSpan Hourly = TimeSpan.FromDays(90);

    /// <summary>The longest window: the whole reach of a free plan.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public string Name => SourceNames.CoinGecko;

    public int RequestsPerMinute => options.Value.RequestsPerMinute;

    public IReadOnlyList<HistoryWindow> Cut(DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        var first = options.Value.Reach(from, now);
        var windows = new List<HistoryWindow>();
        for (var length = to > now - Hourly ? Hourly : Longest; to > first; length = Longest)
        {
            var begin = to - first > length ? to - length : first;
            windows.Add(new(begin, to));
            to = begin;
        }

        return windows;
    }

    public Task<PriceHistory> ReadAsync(string externalId, HistoryWindow window, CancellationToken cancellationToken)
    {
        var reached = window with { From = options.Value.Reach(window.From, time.GetUtcNow()) };
        return reached.From < reached.To
            ? services.GetRequiredService<CoinGeckoClient>().ReadHistoryAsync(externalId, reached, cancellationToken)
            : Task.FromResult(PriceHistory.Empty);
    }

    /// <summary>The route of a window.</summary>
    public static string Route(string externalId, HistoryWindow window) => string.Create(
        CultureInfo.InvariantCulture,
        $"coins/{Uri.EscapeDataString(externalId)}/market_chart/range?vs_currency=usd"
            + $"&from={window.From.ToUnixTimeSeconds()}&to={window.To.ToUnixTimeSeconds()}");

    /// <summary>Reads the three lists of pairs of time and number, and joins them by time.</summary>
    /// <exception cref="SourceException">The response has no list of prices.</exception>
    public static PriceHistory Read(JsonElement response, HistoryWindow window)
    {
        if (response.ValueKind is not JsonValueKind.Object || !response.TryGetProperty("prices", out var prices)
            || prices.ValueKind is not JsonValueKind.Array)
        {
            throw new SourceException("market_chart has no list of prices.");
        }

        var (caps, volumes) = (Index(response, "market_caps"), Index(response, "total_volumes"));
        var history = new HistoryBuilder(window);
        foreach (var pair in prices.EnumerateArray())
        {
            var isRead = TryRead(pair, out var at, out var price);
            history.Add(isRead ? Time(at) : null, price, caps.GetValueOrDefault(at ?? 0), volumes.GetValueOrDefault(at ?? 0));
        }

        return history.Build();
    }

    private static Dictionary<double, double?> Index(JsonElement response, string name)
    {
        var values = new Dictionary<double, double?>();
        if (response.TryGetProperty(name, out var pairs) && pairs.ValueKind is JsonValueKind.Array)
        {
            foreach (var pair in pairs.EnumerateArray())
            {
                if (TryRead(pair, out var at, out var number) && at is { } milliseconds)
                {
                    values[milliseconds] = number;
                }
            }
        }

        return values;
    }

    private static bool TryRead(JsonElement pair, out double? at, out double? number)
    {
        (at, number) = (null, null);
        return pair.ValueKind is JsonValueKind.Array && pair.GetArrayLength() > 1 && JsonRecord.TryNumber(pair[0], out at)
            && JsonRecord.TryNumber(pair[1], out number);
    }

    private static DateTimeOffset? Time(double? milliseconds) =>
        milliseconds is >= 0 and < 253_402_300_799_999 ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds) : null;
}
