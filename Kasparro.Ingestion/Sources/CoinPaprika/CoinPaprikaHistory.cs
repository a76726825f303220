using System.Globalization;
using System.Text.Json;
using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Sources.CoinPaprika;

/// <summary>CoinPaprika's past prices: daily, and hourly within the last day, as its free plan provides them.</summary>
internal sealed class CoinPaprikaHistory(
    IServiceProvider services, IOptions<CoinPaprikaOptions> options, TimeProvider time) : IHistorySource
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public string Name => SourceNames.CoinPaprika;

    public int RequestsPerMinute => options.Value.RequestsPerMinute;

    public IReadOnlyList<HistoryWindow> Cut(DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        var first = options.Value.Reach(from, now);
        var windows = new List<HistoryWindow>();
        while (to > first)
        {
            var begin = to - first > Longest ? to - Longest : first;
            if (HasPoint(new(begin, to), now))
            {
                windows.Add(new(begin, to));
            }

            to = begin;
        }

        return windows;
    }

    public Task<PriceHistory> ReadAsync(string externalId, HistoryWindow window, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var isHourly = IsHourly(window, now);
        var first = isHourly && window.From < now - Day + UpstreamOptions.ReachMargin
            ? now - Day + UpstreamOptions.ReachMargin
            : options.Value.Reach(window.From, now);
        return first < window.To
            ? services.GetRequiredService<CoinPaprikaClient>().ReadHistoryAsync(
                externalId, window with { From = first }, isHourly ? "1h" : "1d", cancellationToken)
            : Task.FromResult(PriceHistory.Empty);
    }

    /// <summary>The route of a window.</summary>
    public static string Route(string externalId, HistoryWindow window, string interval) => string.Create(
        CultureInfo.InvariantCulture,
        $"tickers/{Uri.EscapeDataString(externalId)}/historical?start={window.From.ToUnixTimeSeconds()}"
            + $"&end={window.To.ToUnixTimeSeconds()}&interval={interval}&limit=1000");

    /// <summary>Reads a point.</summary>
    public static void Read(JsonElement point, HistoryBuilder history)
    {
        if (point.ValueKind is not JsonValueKind.Object || !point.TryGetProperty("price", out var value)
            || !JsonRecord.TryNumber(value, out var price))
        {
            history.Add(at: null, price: null, marketCap: null, volume: null);
            return;
        }

        DateTimeOffset? at = point.TryGetProperty("timestamp", out var text)
            && IsoTime.TryParse(JsonRecord.TextOrNull(text), out var parsed) ? parsed : null;
        history.Add(at, price, Number(point, "market_cap"), Number(point, "volume_24h"));
    }

    // A window shorter than a day has points only as long as hourly prices are provided for it.
    private static bool IsHourly(HistoryWindow window, DateTimeOffset now) => window.To - window.From < Day && window.To > now - Day;

    private static bool HasPoint(HistoryWindow window, DateTimeOffset now)
    {
        var step = IsHourly(window, now) ? Hour : Day;
        return window.To.Ticks / step.Ticks > (window.From.Ticks - 1) / step.Ticks;
    }

    private static double? Number(JsonElement point, string name) =>
        point.TryGetProperty(name, out var value) && JsonRecord.TryNumber(value, out var number) ? number : null;
}
