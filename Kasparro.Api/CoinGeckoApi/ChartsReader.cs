using System.Globalization;
using Kasparro.Api.Vendors;

namespace Kasparro.Api.CoinGeckoApi;

/// <summary>Reads charts and candles of coins from our own price history.</summary>
internal sealed class ChartsReader(MarketReader markets, ChartReader charts, TimeProvider time)
{
    private const string Max = "max";
    private const int MaxDays = 36_500;
    private const int MaxPoints = 110_000;

    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Reads the chart of the last days.</summary>
    /// <exception cref="VendorException">A parameter is wrong, or there is no such coin.</exception>
    public Task<CoinGeckoChart> ReadAsync(ChartRequest request, bool isMirror)
    {
        var currency = CoinGeckoParameters.Currency(request.Currency);
        var days = ParseDays(request.Days);
        var now = time.GetUtcNow().UtcDateTime;
        return ReadAsync(request.Id, currency, Before(now, days), now, request.Interval, request.Precision, isMirror);
    }

    /// <summary>Reads the chart between two times.</summary>
    /// <exception cref="VendorException">A parameter is wrong, or there is no such coin.</exception>
    public Task<CoinGeckoChart> ReadRangeAsync(ChartRangeRequest request, bool isMirror)
    {
        var currency = CoinGeckoParameters.Currency(request.Currency);
        var (from, to) = (ParseTime("from", request.From), ParseTime("to", request.To));
        return from >= to
            ? throw CoinGeckoParameters.Invalid("date range")
            : ReadAsync(request.Id, currency, from, Past(to), request.Interval, request.Precision, isMirror);

        // Clients pass a day in the far future to mean "now"; the spacing of the points is based on the actual end.
        DateTime Past(DateTime at) => time.GetUtcNow().UtcDateTime is var now && from < now && now < at ? now : at;
    }

    /// <summary>Reads candles, each labelled with the time at which it closes.</summary>
    /// <exception cref="VendorException">A parameter is wrong, or there is no such coin.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<double>>> ReadCandlesAsync(CandlesRequest request, bool isMirror)
    {
        var currency = CoinGeckoParameters.Currency(request.Currency);
        var days = ParseDays(request.Days);
        var length = TimeSpan.FromMinutes(days <= 2 ? 30 : days <= 30 ? 240 : 4 * 24 * 60);
        var now = time.GetUtcNow().UtcDateTime;
        var candles = await charts.ReadCandlesAsync(await FindAsync(request.Id, isMirror, Before(now, days), now, length, currency));
        return
        [
            .. candles.Select(candle => (IReadOnlyList<double>)
            [
                Milliseconds(candle.Time + length),
                .. new[] { candle.Open, candle.High, candle.Low, candle.Close }
                    .Select(price => CoinGeckoParameters.Round(price, request.Precision)!.Value),
            ]),
        ];
    }

    private async Task<CoinGeckoChart> ReadAsync(
        string id, string currency, DateTime from, DateTime to, string? asked, string? precision, bool isMirror)
    {
        var interval = asked?.Trim().ToLowerInvariant() switch
        {
            "5m" => FiveMinutes,
            "hourly" => Hour,
            "daily" => Day,
            _ => to - from <= Day ? FiveMinutes : to - from <= TimeSpan.FromDays(90) ? Hour : Day,
        };
        if ((to - from) / interval > MaxPoints)
        {
            throw CoinGeckoParameters.Invalid("interval: the range has too many points for it");
        }

        var points = await charts.ReadAsync(await FindAsync(id, isMirror, from, to, interval, currency));
        return new(
            [.. points.Select(point => Point(point, CoinGeckoParameters.Round(point.Price, precision)))],
            [.. points.Select(point => Point(point, point.MarketCap))],
            [.. points.Select(point => Point(point, point.Volume))]);

        // A daily point is at midnight UTC; the newest quote keeps its own time.
        IReadOnlyList<double?> Point(ChartPoint point, double? amount) =>
            [Milliseconds(interval == Day && point != points[^1] ? point.Begins : point.At), amount];
    }

    private async Task<ChartQuery> FindAsync(
        string id, bool isMirror, DateTime from, DateTime to, TimeSpan interval, string currency)
    {
        var coin = await markets.FindAsync(SourceNames.CoinGecko, id, isMirror) ?? throw CoinGeckoParameters.NotFound();
        return new(coin.AssetId, isMirror ? SourceNames.CoinGecko : null, from, to, interval, currency);
    }

    private static double Milliseconds(DateTime at) => new DateTimeOffset(at).ToUnixTimeMilliseconds();

    private static DateTime Before(DateTime now, int days) => days >= MaxDays ? DateTime.UnixEpoch : now.AddDays(-days);

    private static int ParseDays(string? text) => text?.Trim() switch
    {
        null or "" => throw CoinGeckoParameters.Missing("days"),
        var days when days.Equals(Max, StringComparison.OrdinalIgnoreCase) => MaxDays,
        var days when int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 =>
            Math.Min(count, MaxDays),
        _ => throw CoinGeckoParameters.Invalid("days"),
    };

    private static DateTime ParseTime(string name, string? text) =>
        string.IsNullOrWhiteSpace(text) ? throw CoinGeckoParameters.Missing(name)
        : VendorTime.TryParse(text.Trim(), out var at) ? at
        : throw CoinGeckoParameters.Invalid(name);
}
