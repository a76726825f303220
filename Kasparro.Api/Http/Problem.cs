using System.Text.Json.Serialization;

namespace Kasparro.Api.Http;

/// <summary>An error as RFC 9457 describes it.</summary>
/// <param name="Type">Identifies the kind of error: the section of RFC 9110 that defines the status.</param>
/// <param name="Title">The kind of error in words.</param>
/// <param name="Status">The HTTP status code.</param>
/// <param name="Detail">What was wrong with this request, in a sentence.</param>
/// <param name="RequestId">The id of the request, as in the header <c>X-Request-Id</c>.</param>
/// <param name="Errors">Each parameter at fault, with what is wrong with it; only with status 400.</param>
internal sealed record Problem(
    string Type,
    string Title,
    int Status,
    string Detail,
    string RequestId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string[]>? Errors = null)
{
    public const string ContentType = "application/problem+json";
}
