using System.Globalization;
using System.Text.Json.Nodes;
using Kasparro.Api.Http;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>What the operations' descriptions have in common: examples, and the headers of every response.</summary>
internal static class Examples
{
    /// <summary>Describes the responses: what each means, its headers, and an example of its body.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="success">An answer with status 200, as JSON.</param>
    /// <param name="invalidParameter">A parameter at fault and what is wrong with it, for the example of status 400.</param>
    public static void Describe(this OpenApiOperation operation, string success, (string Name, string Error) invalidParameter)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = RequestIds.Header,
            In = ParameterLocation.Header,
            Description = "An id for the request, to be found again in the response; anything but a UUID is replaced by a new one.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
        });

        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (response is not OpenApiResponse described)
            {
                continue;
            }

            described.Description = DescriptionOf(status);
            described.Headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal)
            {
                [RequestIds.Header] = new OpenApiHeader
                {
                    Description = "The id of the request.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
                },
            };

            foreach (var (contentType, content) in described.Content ?? new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal))
            {
                content.Example = contentType == Problem.ContentType
                    ? ProblemExample(status, invalidParameter)
                    : JsonNode.Parse(success);
            }

            if (status == "304")
            {
                continue;
            }

            described.Headers["RateLimit-Policy"] = TextHeader("The limit: requests (q) in a window of seconds (w); where there is one.");
            described.Headers["RateLimit"] = TextHeader("What is left of it: requests (r), and seconds (t) until it begins anew.");
            if (status == "429")
            {
                described.Headers["Retry-After"] = new OpenApiHeader
                {
                    Description = "Seconds after which to go on.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
                };
            }

            if (status == "503" && described.Content?.ContainsKey(Problem.ContentType) == true)
            {
                described.Headers["Retry-After"] = new OpenApiHeader
                {
                    Description = "Seconds after which to try again.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
                };
            }
        }
    }

    private static OpenApiHeader TextHeader(string description) =>
        new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    private static string DescriptionOf(string status) => status switch
    {
        "200" => "The answer.",
        "201" => "It was added.",
        "202" => "A worker will do it.",
        "204" => "It was taken out.",
        "301" => "It has become part of another.",
        "400" => "A parameter is unknown, repeated or malformed; every one of them is named.",
        "401" => "No operator key was sent, or not the right one.",
        "403" => "No operator key is configured.",
        "404" => "There is no such thing.",
        "409" => "It does not go with what is there.",
        "304" => "The answer is still the one whose ETag the request names in If-None-Match.",
        "406" => "Accept names no media type that this resource has.",
        "429" => "Too many requests in a short time.",
        "410" => "The version is too old: begin anew.",
        "500" => "A fault on the server's side.",
        _ => "The database does not answer.",
    };

    private static JsonObject ProblemExample(string status, (string Name, string Error) invalidParameter)
    {
        var example = new JsonObject
        {
            ["type"] = Problems.TypeOf(int.Parse(status, CultureInfo.InvariantCulture)),
            ["title"] = Problems.TitleOf(int.Parse(status, CultureInfo.InvariantCulture)),
            ["status"] = int.Parse(status, CultureInfo.InvariantCulture),
            ["detail"] = Problems.DetailOf(int.Parse(status, CultureInfo.InvariantCulture)),
            ["request_id"] = "0d9a4c56-3c8e-4a57-9d0e-6f6c9f6f2b1a",
        };
        if (status == "400")
        {
            example["errors"] = new JsonObject { [invalidParameter.Name] = new JsonArray(invalidParameter.Error) };
        }

        return example;
    }
}
