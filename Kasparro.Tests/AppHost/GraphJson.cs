using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Kasparro.Tests.AppHost;

/// <summary>Reads JSON responses of a graph's services.</summary>
internal static class GraphJson
{
    /// <summary>
    /// Retries until the response is not 503: while everything starts, PostgreSQL may be slow, and the API asks clients to retry.
    /// </summary>
    public static async Task<JsonElement> GetAsync(HttpClient client, string route, CancellationToken cancellationToken)
    {
        var json = default(JsonElement);
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await client.GetAsync(new Uri(route, UriKind.Relative), cancellationToken);
                if (answer.StatusCode is HttpStatusCode.ServiceUnavailable)
                {
                    return false;
                }

                answer.EnsureSuccessStatusCode();
                json = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
                return true;
            },
            cancellationToken);
        return json;
    }
}
