using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Mappings;

/// <summary>A request for all mappings.</summary>
internal sealed record MappingsRequest(
    [property: FromQuery(Name = "format"), Description("The format. By default the first of csv, ndjson and json that Accept allows.")]
    [property: AllowedValues("csv", "ndjson", "json")]
    string? Format = null,
    [property: FromQuery(Name = FormulaGuard.ParameterName), Description(FormulaGuard.Description)]
    Flag? GuardsFormulas = null);
