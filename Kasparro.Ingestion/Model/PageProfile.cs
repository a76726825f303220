namespace Kasparro.Ingestion.Model;

/// <summary>Statistics of a page of quotes; those of a run are the sums over its pages.</summary>
/// <param name="Priced">The number of records with a price.</param>
/// <param name="WithMarketCap">The number of records with a market capitalisation.</param>
/// <param name="WithVolume">The number of records with a volume.</param>
/// <param name="PositivePrices">The number of records with a price above zero.</param>
/// <param name="LogPriceSum">The sum of the decimal logarithms of the prices above zero.</param>
internal readonly record struct PageProfile(long Priced, long WithMarketCap, long WithVolume, long PositivePrices, double LogPriceSum)
{
    public static PageProfile From(IReadOnlyList<SourceRecord> records)
    {
        var (priced, withMarketCap, withVolume, positivePrices, sum) = (0L, 0L, 0L, 0L, 0.0);
        foreach (var record in records)
        {
            priced += record.PriceUsd is null ? 0 : 1;
            withMarketCap += record.MarketCapUsd is null ? 0 : 1;
            withVolume += record.Volume24hUsd is null ? 0 : 1;
            if (record.PriceUsd is > 0 and var price)
            {
                positivePrices++;
                sum += Math.Log10(price);
            }
        }

        return new(priced, withMarketCap, withVolume, positivePrices, sum);
    }
}
