using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>
/// Completes each operation of the OpenAPI document: security, parameters, the request's id, and the examples and headers of its responses.
/// </summary>
internal sealed class OperationDocs(IOptions<JsonOptions> json) : IOpenApiOperationTransformer
{
    /// <summary>The name of the security scheme for operators.</summary>
    public const string OperatorKey = "OperatorKey";

    private static readonly Dictionary<string, string[]> UnknownParameter =
        new(StringComparer.Ordinal) { ["colour"] = ["is not a parameter of this resource"] };

    private static readonly string[] RateHeaders = ["RateLimit-Policy", "RateLimit"];

    private static readonly string[] RetryHeaders = ["Retry-After"];

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var (document, metadata) = (context.Document!, context.Description.ActionDescriptor.EndpointMetadata);
        operation.Security = metadata.OfType<IAuthorizeData>().Any()
            ? [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(OperatorKey, document)] = [] }]
            : [];
        operation.Parameters =
        [
            .. metadata.OfType<MethodInfo>().SelectMany(handler => RequestParameters.From(handler).All)
                .Concat(metadata.OfType<DescribedParameters>().SelectMany(described => RequestParameters.From(described.Type)))
                .Select(Describe),
            RequestId,
        ];
        operation.Responses ??= [];
        foreach (var example in metadata.OfType<ResponseExample>())
        {
            AddExample(GetResponse(operation, example.Status), example);
        }

        foreach (var (status, response) in operation.Responses.ToList())
        {
            var (described, code) = ((OpenApiResponse)response, int.Parse(status, CultureInfo.InvariantCulture));
            var problem = described.Content?.TryGetValue(Problem.ContentType, out var content) == true ? content : null;
            described.Description = GetDescription(code);
            described.Headers = GetHeaders(code, problem is not null)
                .ToDictionary(name => name, name => (IOpenApiHeader)new OpenApiHeaderReference(name, document), StringComparer.Ordinal);
            foreach (var header in metadata.OfType<ResponseHeader>().Where(header => header.Status == code))
            {
                described.Headers[header.Name] = Header(header.Description);
            }

            if (problem is not null && described.Content!.Count == 1)
            {
                // Problem documents are the same on every route, so each is described once.
                problem.Example = ProblemExample(code);
                var name = Problems.GetTitle(code).Replace(" ", "", StringComparison.Ordinal);
                document.AddComponent(name, described);
                operation.Responses[status] = new OpenApiResponseReference(name, document);
            }
        }

        return Task.CompletedTask;
    }

    private static OpenApiParameter RequestId => new()
    {
        Name = RequestIds.Header,
        In = ParameterLocation.Header,
        Description = "An id for the request, repeated in the response. The service replaces anything but a UUID by a new one.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
    };

    private static OpenApiParameter Describe(RequestParameter parameter)
    {
        var (type, format) = Type.GetTypeCode(parameter.Type) switch
        {
            TypeCode.Int32 => (JsonSchemaType.Integer, "int32"),
            TypeCode.Int64 => (JsonSchemaType.Integer, "int64"),
            TypeCode.Double => (JsonSchemaType.Number, "double"),
            _ when parameter.Type == typeof(Flag) => (JsonSchemaType.Boolean, null),
            _ => (JsonSchemaType.String, parameter.Type == typeof(Guid) ? "uuid" : parameter.Type == typeof(UtcTime) ? "date-time" : null),
        };
        var range = parameter.Rules.OfType<RangeAttribute>().FirstOrDefault();
        var schema = new OpenApiSchema
        {
            Type = type,
            Format = format,
            Minimum = Text(range?.Minimum),
            Maximum = range?.Maximum is int.MaxValue ? null : Text(range?.Maximum),
            MaxLength = parameter.Rules.OfType<MaxLengthAttribute>().FirstOrDefault()?.Length,
            Pattern = parameter.Rules.OfType<RegularExpressionAttribute>().FirstOrDefault()?.Pattern,
            Enum = parameter.Rules.OfType<AllowedValuesAttribute>().FirstOrDefault()?.Values.Select(value => (JsonNode)(string)value!)
                .ToList(),
            Default = JsonSerializer.SerializeToNode(parameter.Default),
        };
        return new()
        {
            Name = parameter.Name,
            In = parameter.Source switch
            {
                ParameterSource.Path => ParameterLocation.Path,
                ParameterSource.Query => ParameterLocation.Query,
                _ => ParameterLocation.Header,
            },
            Required = parameter.IsRequired,
            Description = parameter.Description,
            Schema = parameter.IsList ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = schema } : schema,
        };
    }

    /// <summary>Returns the headers that responses share, for the document's components.</summary>
    public static Dictionary<string, IOpenApiHeader> SharedHeaders() => new(StringComparer.Ordinal)
    {
        [RequestIds.Header] = Header("The request's id.", format: "uuid"),
        ["RateLimit-Policy"] = Header("The limit, where there is one: requests (q) in a window of seconds (w)."),
        ["RateLimit"] = Header("What is left of the limit: requests (r), and seconds (t) until the window ends."),
        ["Retry-After"] = Header("Seconds to wait before the next request.", JsonSchemaType.Integer),
    };

    private static IEnumerable<string> GetHeaders(int status, bool isProblem) =>
    [
        RequestIds.Header,
        .. status == StatusCodes.Status304NotModified ? [] : RateHeaders,
        .. isProblem && status is (StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable) ? RetryHeaders : [],
    ];

    private static OpenApiHeader Header(string description, JsonSchemaType type = JsonSchemaType.String, string? format = null) =>
        new() { Description = description, Schema = new OpenApiSchema { Type = type, Format = format } };

    private static OpenApiResponse GetResponse(OpenApiOperation operation, int status)
    {
        if (!operation.Responses!.TryGetValue(Text(status)!, out var response))
        {
            operation.Responses[Text(status)!] = response = new OpenApiResponse();
        }

        return (OpenApiResponse)response;
    }

    private void AddExample(OpenApiResponse response, ResponseExample example)
    {
        response.Content ??= new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal);
        if (example.Body is string text)
        {
            response.Content[example.ContentType] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = text };
        }
        else
        {
            var options = json.Value.SerializerOptions;
            response.Content[example.ContentType].Example = JsonSerializer.SerializeToNode(example.Body, example.Body.GetType(), options);
        }
    }

    private static JsonNode? ProblemExample(int status) => JsonSerializer.SerializeToNode(
        new Problem(
            Problems.GetTypeUri(status), Problems.GetTitle(status), status, Problems.GetDetail(status),
            "0d9a4c56-3c8e-4a57-9d0e-6f6c9f6f2b1a",
            status == StatusCodes.Status400BadRequest ? UnknownParameter : null),
        ErrorJson.Relaxed.Problem);

    private static string? Text(object? value) =>
        Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null;

    private static string GetDescription(int status) => status switch
    {
        200 => "Success.",
        201 => "Created.",
        202 => "Accepted: a worker does it.",
        204 => "Done.",
        300 => "The id names several assets.",
        301 => "It is at Location.",
        304 => "The response is still the one whose ETag If-None-Match names.",
        400 => "A parameter, or the body, is at fault.",
        401 => "No valid key was sent.",
        403 => "No operator key is configured.",
        404 => "Nothing was found.",
        406 => "Accept names no media type that this resource has.",
        409 => "The request conflicts with the current state.",
        410 => "The version is no longer kept: start again with /export.",
        413 => "The request body is too long.",
        415 => "The request body is not JSON, or is compressed.",
        422 => "A parameter is missing or wrong.",
        429 => "Too many requests in a short time.",
        500 => "A fault of the service.",
        503 => "The database does not respond.",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, message: null),
    };
}
