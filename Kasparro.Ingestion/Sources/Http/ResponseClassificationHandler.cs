namespace Kasparro.Ingestion.Sources.Http;

/// <summary>
/// Classifies each response within its attempt, so that retries can depend on the body. Only a bounded prefix of the body is examined; the
/// rest is passed on unread. For a list, the beginning of its first record is enough.
/// </summary>
internal sealed class ResponseClassificationHandler(
    ResponseClassifier classifier, SecretRedactor secrets, TimeProvider time) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            var head = await PeekAsync(response, cancellationToken);
            var verdict = classifier.Classify(
                response.StatusCode, ResponsePrefix.From(head.Span), RetryAfter(response), response.Headers.Location);
            request.Options.Set(UpstreamVerdict.Key, verdict with
            {
                Reason = secrets.Redact(verdict.Reason),
                Advice = verdict.Advice is { } advice ? secrets.Redact(advice) : null,
            });
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> PeekAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var content = response.Content;
        var body = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[ResponsePrefix.MaxLength];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await BoundedBodyStream.ReadAsync(body, buffer.AsMemory(length), cancellationToken);
            length += read;
            if (read == 0 || (response.IsSuccessStatusCode && length >= ResponsePrefix.ListLength && BeginsList(buffer.AsSpan(0, length))))
            {
                break;
            }
        }

        var peeked = new StreamContent(new PeekedStream(buffer.AsMemory(0, length), body, content));
        foreach (var header in content.Headers)
        {
            peeked.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        response.Content = peeked;
        return buffer.AsMemory(0, length);
    }

    private static bool BeginsList(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n\uFEFF"u8) is [(byte)'[', ..];

    /// <summary>Either form of the header as a wait from now; not positive for a date in the past.</summary>
    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } seconds } => seconds,
        { Date: { } date } => date - time.GetUtcNow(),
        _ => null,
    };
}
