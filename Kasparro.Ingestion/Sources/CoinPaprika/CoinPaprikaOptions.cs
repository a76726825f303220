using System.ComponentModel.DataAnnotations;
using Kasparro.Ingestion.Sources.Http;

namespace Kasparro.Ingestion.Sources.CoinPaprika;

/// <summary>The section <c>Sources:CoinPaprika</c>.</summary>
internal sealed class CoinPaprikaOptions : UpstreamOptions
{
    public const string Section = "Sources:CoinPaprika";

    public CoinPaprikaOptions()
    {
        BaseUrl = new Uri("https://api.coinpaprika.com/v1/");
    }

    /// <summary>
    /// How the key is sent: the specification and the vendor's own client send it bare, but one page of the documentation uses Bearer.
    /// </summary>
    public AuthorizationForm Authorization { get; set; }

    /// <inheritdoc />
    public override int RequestsPerMinute { get; set; } = 60;

    /// <inheritdoc />
    public override int MonthlyCallBudget { get; set; } = 20_000;

    /// <summary>The value of the header <c>Authorization</c>.</summary>
    public string AuthorizationHeader => Authorization is AuthorizationForm.Bearer ? $"Bearer {ApiKey}" : ApiKey;

    /// <summary>The number of records per transaction: the responses are not paged, so they are divided.</summary>
    [Range(1, 100_000)]
    public int PageSize { get; set; } = 5_000;
}

/// <summary>The form of the header <c>Authorization</c>.</summary>
internal enum AuthorizationForm
{
    /// <summary>Only the key.</summary>
    Raw,

    /// <summary><c>Bearer</c> and the key.</summary>
    Bearer,
}
