using Kasparro.Api.Http;

namespace Kasparro.Api.Docs;

internal static class ProblemMetadata
{
    /// <summary>Documents the problem documents that a resource answers with; 429 and 500 are always two of them.</summary>
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            endpoint.Produces<Problem>(status, Problem.ContentType);
        }

        endpoint.Produces<Problem>(StatusCodes.Status429TooManyRequests, Problem.ContentType);
        return endpoint.Produces<Problem>(StatusCodes.Status500InternalServerError, Problem.ContentType);
    }
}
