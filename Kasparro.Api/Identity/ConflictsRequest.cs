using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Identity;

/// <summary>A request for a page of conflicts.</summary>
internal sealed record ConflictsRequest(
    [property: FromQuery(Name = "limit"), Range(1, ConflictsRequest.MaxLimit), Description("Conflicts a page.")]
    int Limit = ConflictsRequest.DefaultLimit,
    [property: FromQuery(Name = "cursor"), Description("The next_cursor of the page before.")] ConflictCursor? Cursor = null,
    [property: FromQuery(Name = "reason"), Description("Only conflicts with this reason, such as ambiguous."),
        MaxLength(ConflictsRequest.MaxReasonLength)]
    [property: RegularExpression("[a-z_]+"), Expected("must be the reason of a conflict: at most 50 lower-case letters and underscores")]
    string? Reason = null)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 500;
    public const int MaxReasonLength = 50;
}
