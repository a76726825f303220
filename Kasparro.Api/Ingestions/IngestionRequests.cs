using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Ingestions;

/// <summary>An operator's request for an ingestion.</summary>
internal sealed record RequestIngestionRequest(
    [property: FromQuery(Name = "source"), Description("The source to read. By default all sources.")]
    [property: AllowedValues(SourceNames.CoinPaprika, SourceNames.CoinGecko, SourceNames.Csv)]
    string? Source = null);

/// <summary>A request for the state of an ingestion that an operator requested.</summary>
internal sealed record IngestionRequest(
    [property: FromRoute(Name = "ingestion_id"), Description("The ingestion's id, as in the Location of its request.")] Guid IngestionId);
