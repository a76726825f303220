using System.Text.Json.Nodes;
using Kasparro.Api.Export;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>The parameters and the formats of <c>/export</c>.</summary>
internal static class ExportDocs
{
    private const string Csv =
        "asset_id,symbol,name,source,is_active,price_usd,market_cap,volume_24h,rank,updated_at\r\n" +
        "5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55,OMG,OMG Network,coinpaprika,true,0.62,86900000,12300000,411,2026-11-20T12:00:00Z\r\n";

    private const string Ndjson =
        """{"asset_id":"5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55","symbol":"OMG","name":"OMG Network","source":"coinpaprika","is_active":true,"price_usd":0.62,"market_cap":86900000,"volume_24h":12300000,"rank":411,"updated_at":"2026-11-20T12:00:00Z"}""" +
        "\n";

    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters =
        [
            new OpenApiParameter
            {
                Name = ExportQuery.FormatName,
                In = ParameterLocation.Query,
                Description = "The format; where absent, Accept decides, and csv where that does not.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. ExportFormat.All.Select(format => (JsonNode)format.Name)] },
            },
            new OpenApiParameter
            {
                Name = ExportQuery.GuardName,
                In = ParameterLocation.Query,
                Description = "Whether texts in CSV that a spreadsheet would take for a formula get an apostrophe in front; the other formats have no need of it.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = false },
            },
            .. DataDocs.Filters(),
        ];
        operation.Responses!["200"] = new OpenApiResponse();
        operation.Describe("{}", (ExportQuery.FormatName, $"must be one of {ExportFormat.Names}"));
        var export = (OpenApiResponse)operation.Responses["200"];
        export.Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            [ExportFormat.Csv.MediaType] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = Csv },
            [ExportFormat.Ndjson.MediaType] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = Ndjson },
            [ExportFormat.Parquet.MediaType] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" }, Example = "PAR1…" },
        };
        export.Headers![ExportEndpoints.VersionHeader] = new OpenApiHeader
        {
            Description = "The catalogue version that all rows are of, with its epoch: what /changes takes as since.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };
        export.Headers["Content-Disposition"] = new OpenApiHeader
        {
            Description = "A file name with the version in it.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };
        return Task.CompletedTask;
    }
}
