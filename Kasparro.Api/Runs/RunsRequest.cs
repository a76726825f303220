using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kasparro.Data.Runs;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Runs;

/// <summary>A request for a page of runs.</summary>
internal sealed record RunsRequest(
    [property: FromQuery(Name = "limit"), Range(1, RunsRequest.MaxLimit), Description("Runs a page.")] int Limit = RunsRequest.DefaultLimit,
    [property: FromQuery(Name = "cursor"), Description("The next_cursor of the page before.")] RunCursor? Cursor = null,
    [property: FromQuery(Name = "source"), AllowedValues(SourceNames.CoinPaprika, SourceNames.CoinGecko, SourceNames.Csv),
        Description("Only runs of this source.")]
    string? Source = null,
    [property: FromQuery(Name = "status"), Description("Only runs with this status.")]
    [property: AllowedValues(
        RunStatus.Running, RunStatus.Completed, RunStatus.Failed, RunStatus.Interrupted, RunStatus.Cancelled, RunStatus.LostLock)]
    string? Status = null)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 500;
}
