using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Changes;

/// <summary>A request to <c>/changes</c>.</summary>
internal sealed class ChangesRequest
{
    public const string SinceName = "since";
    public const string LimitName = "limit";
    public const int DefaultLimit = 1000;
    public const int MaxLimit = 5000;

    /// <summary>The position of the client's copy.</summary>
    [FromQuery(Name = SinceName)]
    [Required(ErrorMessage = "must be given: X-Catalogue-Version of an /export, then next_since; 0 for everything")]
    [Description("Where your copy is: X-Catalogue-Version of an /export, then next_since, as they are; 0 for everything.")]
    public ChangesPosition? Since { get; init; }

    /// <summary>The maximum number of items, changed and removed together, per page.</summary>
    [FromQuery(Name = LimitName)]
    [Range(1, MaxLimit)]
    [DefaultValue(DefaultLimit)]
    [Description("The maximum number of items of a page, changed and removed together.")]
    public int? Limit { get; init; }
}
