using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Export;

/// <summary>
/// The parameters of <c>/export</c> for the OpenAPI document, in addition to those of its rows. <see cref="ExportQuery"/> reads them.
/// </summary>
internal sealed record ExportParameters(
    [property: FromQuery(Name = ExportQuery.FormatName), Description("The format. By default the one that Accept prefers, else csv."),
        AllowedValues("csv", "ndjson", "parquet")]
    string? Format = null,
    [property: FromQuery(Name = ExportQuery.GuardName), Description(
        "Whether texts in CSV that a spreadsheet would run as a formula get an apostrophe in front. The other formats do not need it.")]
    bool Guard = false);
