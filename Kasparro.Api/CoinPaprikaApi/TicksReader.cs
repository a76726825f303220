using System.Globalization;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Vendors;

namespace Kasparro.Api.CoinPaprikaApi;

/// <summary>Reads past prices of coins from our own price history.</summary>
internal sealed class TicksReader(MarketReader markets, ChartReader charts, TimeProvider time)
{
    private const int DefaultTicks = 1_000;
    private const int MaxTicks = 5_000;
    private const int MaxCandles = 366;

    /// <summary>Reads points, the oldest first.</summary>
    /// <exception cref="VendorException">A parameter is wrong, or there is no such coin.</exception>
    public async Task<IReadOnlyList<PaprikaTick>> ReadAsync(TicksRequest request, bool isMirror)
    {
        var interval = ParseLength(request.Interval, "5m");
        var limit = VendorParameters.Whole(request.Limit, DefaultTicks, MaxTicks);
        var points = await ReadAsync(
            request.Id, request.Start, request.End, request.Quote, interval, isMirror, charts.ReadAsync);
        return [.. points.GroupBy(point => point.Begins).Take(limit).Select(tick => new PaprikaTick(
            VendorTime.CoinPaprika(tick.Key), tick.First().Price, tick.First().Volume, tick.First().MarketCap))];
    }

    /// <summary>Reads candles, the oldest first.</summary>
    /// <exception cref="VendorException">A parameter is wrong, or there is no such coin.</exception>
    public async Task<IReadOnlyList<PaprikaCandle>> ReadCandlesAsync(OhlcvRequest request, bool isMirror)
    {
        var length = ParseLength(request.Interval, "24h");
        var limit = VendorParameters.Whole(request.Limit, MaxCandles, MaxCandles);
        var candles = await ReadAsync(
            request.Id, request.Start, request.End, request.Quote, length, isMirror, charts.ReadCandlesAsync);
        return [.. candles.Take(limit).Select(candle => new PaprikaCandle(
            VendorTime.CoinPaprika(candle.Time), VendorTime.CoinPaprika(candle.Time + length - TimeSpan.FromSeconds(1)), candle.Open,
            candle.High, candle.Low, candle.Close, candle.Volume24h, candle.MarketCap))];
    }

    private async Task<IReadOnlyList<T>> ReadAsync<T>(
        string id, string? start, string? end, string? quote, TimeSpan interval, bool isMirror,
        Func<ChartQuery, Task<IReadOnlyList<T>>> read)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (!VendorTime.TryParse(start?.Trim(), out var from) || !TryParseEnd(end, now, out var to) || from >= to)
        {
            throw CoinPaprikaParameters.Invalid();
        }

        var coin = await markets.FindAsync(SourceNames.CoinPaprika, id, isMirror) ?? throw CoinPaprikaParameters.NotFound();
        try
        {
            return await read(new(
                coin.AssetId, isMirror ? SourceNames.CoinPaprika : null, from, to, interval,
                VendorParameters.Clean(quote ?? "").Trim().ToLowerInvariant() is { Length: > 0 } currency ? currency : CurrencyRates.Usd));
        }
        catch (VendorException)
        {
            throw CoinPaprikaParameters.Invalid();
        }
    }

    private static bool TryParseEnd(string? end, DateTime now, out DateTime to)
    {
        to = now;
        return string.IsNullOrWhiteSpace(end) || VendorTime.TryParse(end.Trim(), out to);
    }

    private static TimeSpan ParseLength(string? text, string otherwise)
    {
        var name = string.IsNullOrWhiteSpace(text) ? otherwise : text.Trim();
        return int.TryParse(name[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 365
            ? char.ToLowerInvariant(name[^1]) switch
            {
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                'd' => TimeSpan.FromDays(count),
                _ => throw CoinPaprikaParameters.Invalid(),
            }
            : throw CoinPaprikaParameters.Invalid();
    }
}
