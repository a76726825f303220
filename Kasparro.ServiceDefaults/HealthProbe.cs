using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Kasparro.ServiceDefaults;

/// <summary>
/// A container's own health check: the same binary, started with <c>--healthcheck</c>, probes the service in its container, since a
/// chiseled image has neither a shell nor curl.
/// </summary>
public static class HealthProbe
{
    /// <summary>The argument that makes a service probe instead of serve.</summary>
    public const string Argument = "--healthcheck";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Requests <c>GET /health</c> from the service at the address given by this process's environment.</summary>
    /// <returns>0 if the response is a success within four seconds, otherwise 1, as container engines expect.</returns>
    public static Task<int> RunAsync(CancellationToken cancellationToken = default) =>
        RunAsync(GetAddress(Environment.GetEnvironmentVariable), Console.Out, cancellationToken);

    /// <summary>
    /// The address of a service with the given environment, as reached from its own container: ASP.NET Core's rules, port 8080 by default.
    /// </summary>
    internal static Uri GetAddress(Func<string, string?> variable)
    {
        // Parsed like Kestrel does: a URL's host may be a wildcard, as in http://+:8080, and its port may be missing.
        var url = Value("ASPNETCORE_URLS")?.Split(';')[0] is { } given ? BindingAddress.Parse(given) : null;
        var port = url?.Port ?? int.Parse(
            (Value("HTTP_PORTS") ?? Value("ASPNETCORE_HTTP_PORTS"))?.Split(';')[0] ?? "8080", CultureInfo.InvariantCulture);
        var host = url?.Host is null or "+" or "*" or "0.0.0.0" or "[::]" ? "localhost" : url.Host;
        return new UriBuilder(Uri.UriSchemeHttp, host, port, "/health").Uri;

        string? Value(string name) => variable(name) is { Length: > 0 } value ? value : null;
    }

    internal static async Task<int> RunAsync(Uri address, TextWriter output, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await client.GetAsync(address, cancellationToken).ConfigureAwait(false);
            await output.WriteLineAsync($"{address.PathAndQuery} responds with {(int)response.StatusCode}").ConfigureAwait(false);
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            await output.WriteLineAsync($"{address.PathAndQuery} does not respond: {e.Message}").ConfigureAwait(false);
            return 1;
        }
    }
}
