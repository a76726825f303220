using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Kasparro.Tests.AppHost;

/// <summary>What a service of a graph responds, as JSON.</summary>
internal static class GraphJson
{
    /// <summary>
    /// Asks until the response is not 503: on a machine that starts everything at once Postgres may be late, and the API asks for patience.
    /// A client comes again.
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
