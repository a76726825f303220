using System.ComponentModel.DataAnnotations;

namespace Kasparro.Ingestion.Sources.CoinPaprika;

/// <summary>Section <c>Sources:CoinPaprika</c>.</summary>
internal sealed class CoinPaprikaOptions : UpstreamOptions
{
    public const string Section = "Sources:CoinPaprika";

    public CoinPaprikaOptions()
    {
        BaseUrl = new Uri("https://api.coinpaprika.com/v1/");
    }

    /// <inheritdoc />
    public override int RequestsPerMinute { get; set; } = 60;

    /// <summary>Records a transaction: the answers are not paged, so they are cut into slices.</summary>
    [Range(1, 100_000)]
    public int PageSize { get; set; } = 5_000;
}
