using Kasparro.Api.Catalogue;
using Kasparro.Api.Postgres;

namespace Kasparro.Api.History;

/// <summary>Converts candles from US dollars.</summary>
/// <param name="rates">The currency's rates; null for the dollar.</param>
/// <param name="coin">Candles of the coin that is the currency, by their time; they are newer than the currency's rates.</param>
/// <param name="units">How many units of the currency one coin is worth.</param>
internal sealed class HistoryCurrency(PastRates? rates, IReadOnlyDictionary<DateTime, Candle> coin, double units)
{
    /// <summary>Converts the candles. Candles whose amounts do not fit into a double are left out.</summary>
    public IReadOnlyList<Candle> Convert(IReadOnlyList<Candle> candles, TimeSpan length) => rates is null
        ? candles
        : [.. candles.Select(candle => Convert(candle, length)).Where(candle =>
            double.IsFinite(candle.Open) && double.IsFinite(candle.High) && double.IsFinite(candle.Low) && double.IsFinite(candle.Close))];

    private Candle Convert(Candle candle, TimeSpan length)
    {
        if (coin.TryGetValue(candle.Time, out var price) && price is { Open: > 0, High: > 0, Low: > 0, Close: > 0 })
        {
            // When the coin was at its highest and lowest is not known: both amounts are guesses, bounded by the open and the close, which
            // are certain.
            var (open, close) = (candle.Open / price.Open * units, candle.Close / price.Close * units);
            return candle with
            {
                Open = open,
                High = Math.Max(Math.Max(open, close), candle.High / price.High * units),
                Low = Math.Min(Math.Min(open, close), candle.Low / price.Low * units),
                Close = close,
                MarketCap = NumberColumns.Finite(candle.MarketCap / price.Close * units),
                Volume24h = NumberColumns.Finite(candle.Volume24h / price.Close * units),
            };
        }

        var factor = rates!.At(candle.Time + length - TimeSpan.FromTicks(TimeSpan.TicksPerMicrosecond));
        return candle with
        {
            Open = candle.Open * factor,
            High = candle.High * factor,
            Low = candle.Low * factor,
            Close = candle.Close * factor,
            MarketCap = NumberColumns.Finite(candle.MarketCap * factor),
            Volume24h = NumberColumns.Finite(candle.Volume24h * factor),
        };
    }
}
