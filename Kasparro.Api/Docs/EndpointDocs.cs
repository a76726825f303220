using Kasparro.Api.Http;

namespace Kasparro.Api.Docs;

/// <summary>
/// Documents parameters and responses of endpoints beyond their types; <see cref="OperationDocs"/> writes it into the OpenAPI document.
/// </summary>
internal static class EndpointDocs
{
    /// <summary>Documents a JSON response with an example.</summary>
    public static RouteHandlerBuilder Produces<T>(this RouteHandlerBuilder endpoint, int status, T example)
        where T : class => endpoint.Produces<T>(status).WithMetadata(new ResponseExample(status, "application/json", example));

    /// <summary>Documents a response with status 200 that is not JSON.</summary>
    public static RouteHandlerBuilder ProducesText(this RouteHandlerBuilder endpoint, string contentType, string example) =>
        endpoint.WithMetadata(new ResponseExample(StatusCodes.Status200OK, contentType, example));

    /// <summary>Documents the problem documents that an endpoint responds with; 400, 429 and 500 are always included.</summary>
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in (ReadOnlySpan<int>)[
            StatusCodes.Status400BadRequest, .. statuses, StatusCodes.Status429TooManyRequests, StatusCodes.Status500InternalServerError])
        {
            endpoint.Produces<Problem>(status, Problem.ContentType);
        }

        return endpoint;
    }

    /// <summary>
    /// Documents the parameters of <typeparamref name="T"/>'s constructor, for a handler that reads the query string directly.
    /// </summary>
    public static RouteHandlerBuilder DescribeParameters<T>(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new DescribedParameters(typeof(T)));

    /// <summary>Documents a header of the response with one status.</summary>
    public static RouteHandlerBuilder WithResponseHeader(this RouteHandlerBuilder endpoint, int status, string name, string description) =>
        endpoint.WithMetadata(new ResponseHeader(status, name, description));
}

/// <summary>An example of a response body: a string is text, anything else is JSON.</summary>
internal sealed record ResponseExample(int Status, string ContentType, object Body);

/// <summary>Parameters that are not in the handler's signature.</summary>
internal sealed record DescribedParameters(Type Type);

/// <summary>A header of a response.</summary>
internal sealed record ResponseHeader(int Status, string Name, string Description);
