namespace Kasparro.Ingestion.Model;

/// <summary>What a page of quotes says as a whole; pages add up to their run.</summary>
/// <param name="Priced">Records with a price.</param>
/// <param name="WithMarketCap">Records with a market capitalisation.</param>
/// <param name="WithVolume">Records with a volume.</param>
/// <param name="PositivePrices">Records with a price above zero.</param>
/// <param name="LogPriceSum">The sum of the decimal logarithms of these.</param>
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
