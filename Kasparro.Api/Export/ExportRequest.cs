using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Export;

/// <summary>
/// The parameters of <c>/export</c> for the OpenAPI document, in addition to those of its rows. <see cref="ExportQuery"/> reads them.
/// </summary>
internal sealed record ExportParameters(
    [property: FromQuery(Name = ExportQuery.FormatName), Description("The format. By default the one that Accept prefers, otherwise csv."),
        AllowedValues("csv", "ndjson", "parquet")]
    string? Format = null,
    [property: FromQuery(Name = FormulaGuard.ParameterName), Description(FormulaGuard.Description), DefaultValue(false)]
    Flag? Guard = null);
