using System.Runtime.CompilerServices;
using System.Text.Json;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>Sends an upstream's requests and reads their responses.</summary>
internal static class UpstreamHttp
{
    /// <summary>
    /// Sends the request and returns the response, whose body is still to be read: a JSON array, or an object of rates or prices.
    /// </summary>
    /// <exception cref="UpstreamRefusedException">The upstream would always respond like this to the same call.</exception>
    /// <exception cref="SourceException">Another response, or none, after all retries; or the circuit breaker is open.</exception>
    public static async Task<HttpResponseMessage> GetJsonAsync(this HttpClient http, string route, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(route, UriKind.Relative));
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (TimeoutRejectedException e)
        {
            throw new SourceException($"GET {route} had no response in time{LastResponse(request)}.", e);
        }
        catch (BrokenCircuitException e)
        {
            throw new SourceException($"GET {route} was not sent: the upstream failed too often recently{LastResponse(request)}.", e);
        }
        catch (InvalidContentException e)
        {
            throw new SourceException($"GET {route} cannot be decoded: {e.Message}.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new SourceException($"GET {route} had no whole response: {e.Explain()}", e);
        }

        if (request.Options.TryGetValue(UpstreamVerdict.Key, out var verdict) && verdict.Kind is not VerdictKind.Accept)
        {
            response.Dispose();
            throw verdict.Kind is VerdictKind.Retry or VerdictKind.Wait
                ? new SourceException($"GET {route} {verdict}")
                : new UpstreamRefusedException($"GET {route} {verdict}", verdict.Kind);
        }

        return response;
    }

    /// <summary>The elements of the response's top-level array, as they arrive.</summary>
    /// <exception cref="IncompleteResponseException">The body is not a complete JSON array, or did not arrive in time.</exception>
    /// <exception cref="SourceException">The body is larger than allowed.</exception>
    public static async IAsyncEnumerable<JsonElement> ReadArrayAsync(
        this HttpResponseMessage response,
        string route,
        UpstreamOptions options,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.BodyTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await using var body = new BoundedBodyStream(await response.Content.ReadAsStreamAsync(either.Token), options.MaxResponseBytes);
        await using var elements = JsonSerializer.DeserializeAsyncEnumerable(body, UpstreamJson.Default.JsonElement, either.Token)
            .GetAsyncEnumerator(either.Token);
        while (true)
        {
            try
            {
                if (!await elements.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (JsonException e)
            {
                throw new IncompleteResponseException(
                    $"GET {route} answered with something that is not a whole JSON array: {e.Message}", e);
            }
            catch (BodyTooLargeException e)
            {
                throw new SourceException($"GET {route} answered with {e.Message}, counted after decompression.", e);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                throw new IncompleteResponseException($"GET {route} broke off in the middle of its response: {e.Explain()}", e);
            }
            catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new IncompleteResponseException(
                    $"GET {route} did not finish its response within {options.BodyTimeout.TotalSeconds:0.#} s.", e);
            }

            body.EndRecord();
            yield return elements.Current;
        }
    }

    /// <summary>The response's body as a single object.</summary>
    /// <exception cref="SourceException">The body is not complete JSON, is larger than allowed, or did not arrive in time.</exception>
    public static async Task<JsonDocument> ReadObjectAsync(
        this HttpResponseMessage response, string route, UpstreamOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.BodyTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await using var body = new BoundedBodyStream(await response.Content.ReadAsStreamAsync(either.Token), options.MaxResponseBytes);
        try
        {
            return await JsonDocument.ParseAsync(body, cancellationToken: either.Token);
        }
        catch (Exception e) when (e is JsonException or BodyTooLargeException or HttpRequestException or IOException
            || (e is OperationCanceledException && limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested))
        {
            throw new SourceException($"GET {route} has no whole object as its body: {e.Explain()}", e);
        }
    }

    private static string LastResponse(HttpRequestMessage request) =>
        request.Options.TryGetValue(UpstreamVerdict.Key, out var verdict) ? $"; before that it {verdict}" : "";
}
