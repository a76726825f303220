using System.ComponentModel.DataAnnotations;
using Kasparro.Ingestion.Sources.Http;

namespace Kasparro.Ingestion.Sources.CoinGecko;

/// <summary>The section <c>Sources:CoinGecko</c>.</summary>
internal sealed class CoinGeckoOptions : UpstreamOptions
{
    public const string Section = "Sources:CoinGecko";

    public CoinGeckoOptions()
    {
        BaseUrl = new Uri("https://api.coingecko.com/api/v3/");
    }

    /// <inheritdoc />
    public override int RequestsPerMinute { get; set; } = 10;

    /// <inheritdoc />
    public override int MonthlyCallBudget { get; set; } = 10_000;

    /// <summary>
    /// The header of the key: each of the two hosts accepts only its own, and responds with 10010 or 10011 to the other's.
    /// </summary>
    public string KeyHeader =>
        BaseUrl?.Host.StartsWith("pro-api.", StringComparison.OrdinalIgnoreCase) is true ? "x-cg-pro-api-key" : "x-cg-demo-api-key";

    /// <summary>The number of coins per page: 1–250.</summary>
    [Range(1, 250)]
    public int PageSize { get; set; } = 250;

    /// <summary>The number of records per transaction of the list of all coins, which is not paged.</summary>
    [Range(1, 100_000)]
    public int ListPageSize { get; set; } = 5_000;

    /// <summary>
    /// How long a reading of the live market pages stays valid: all 70 of them every ten minutes would use up a free plan's month in a day.
    /// Simulated and recorded upstreams cost nothing and are read every time.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan MarketsInterval { get; set; } = TimeSpan.FromHours(6);

    /// <summary>The maximum number of pages to read; 0 for all (about 70).</summary>
    [Range(0, 1_000_000)]
    public int MaxPages { get; set; }
}
