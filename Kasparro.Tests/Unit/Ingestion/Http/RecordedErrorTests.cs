using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Kasparro.Ingestion.Sources.Http;

namespace Kasparro.Tests.Unit.Ingestion.Http;

/// <summary>Every recorded error response of both upstreams, with the expected verdict.</summary>
public sealed class RecordedErrorTests
{
    /// <summary>
    /// By the entry's number in errors.json; without a recorded status, with every status that the body is known to come with.
    /// </summary>
    public static TheoryData<int, int[], string> Verdicts => new()
    {
        { 0, [301], "Fail" }, // Redirects never occur on the routes that are read, so the host is wrong.
        { 1, [301], "Fail" },
        { 2, [301], "Fail" },
        { 3, [402], "NotInPlan" }, // "Not allowed in this plan": waiting does not help.
        { 4, [301], "Fail" },
        { 5, [301], "Fail" },
        { 6, [301], "Fail" },
        { 7, [301], "Fail" },
        { 8, [404], "Refuse" }, // Unknown coin.
        { 9, [404], "Refuse" },
        { 10, [301], "Fail" },
        { 11, [301], "Fail" },
        { 12, [301], "Fail" },
        { 13, [301], "Fail" },
        { 14, [404], "Refuse" },
        { 15, [301], "Fail" },
        { 16, [200, 403], "Retry" }, // "Temporarily unavailable due to ongoing issues": an outage reported as 403.
        { 17, [429], "Wait" },
        { 18, [429], "Wait" },
        { 19, [429], "Wait" },
        { 20, [200], "Wait" }, // A rate limit reported as 200.
        { 21, [400], "Fail" }, // 10011: a demo key at the paid host.
        { 22, [401], "Fail" }, // 10002: a missing key.
        { 23, [402], "NotInPlan" }, // "Payment is required".
        { 24, [200, 403, 429], "Wait" }, // Cloudflare's block of a busy address.
        { 25, [200, 403, 429], "Wait" }, // Cloudflare's challenge.
        { 26, [402], "NotInPlan" },
        { 27, [402], "NotInPlan" },
        { 28, [429], "Wait" },
        { 29, [404], "Fail" },
        { 30, [400], "Refuse" },
        { 31, [400], "Refuse" },
        { 32, [403], "Fail" }, // Cloudflare's 1020: a rule against this host or client, which waiting does not lift.
    };

    [Fact]
    public void Every_recorded_error_has_a_verdict() =>
        Assert.Equal(Entries().GetArrayLength(), Verdicts.Count);

    [Theory]
    [MemberData(nameof(Verdicts))]
    public void Classify_gives_the_right_verdict_on_a_recorded_error(int number, int[] statuses, string expected)
    {
        var entry = Entries()[number];
        var head = ResponsePrefix.From(Encoding.UTF8.GetBytes(entry.GetProperty("body").GetString()!));
        if (entry.GetProperty("status").ValueKind is JsonValueKind.Number)
        {
            Assert.Equal([entry.GetProperty("status").GetInt32()], statuses);
        }

        foreach (var status in statuses)
        {
            var verdict = new ResponseClassifier("Sources:X").Classify((HttpStatusCode)status, head, RetryAfter(entry));

            Assert.Equal(expected, verdict.Kind.ToString());
            Assert.Contains(status.ToString(CultureInfo.InvariantCulture), verdict.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Classify_carries_the_wait_that_the_upstream_asked_for()
    {
        var entry = Entries()[17];
        var head = ResponsePrefix.From(Encoding.UTF8.GetBytes(entry.GetProperty("body").GetString()!));

        Assert.Equal(
            TimeSpan.FromSeconds(119),
            new ResponseClassifier("Sources:X").Classify(HttpStatusCode.TooManyRequests, head, RetryAfter(entry)).RetryAfter);
    }

    private static TimeSpan? RetryAfter(JsonElement entry) =>
        entry.TryGetProperty("headers", out var headers) && headers.ValueKind is JsonValueKind.Object
            && headers.TryGetProperty("retry-after", out var seconds)
            ? TimeSpan.FromSeconds(int.Parse(seconds.GetString()!, CultureInfo.InvariantCulture))
            : null;

    private static JsonElement Entries()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Corpus.Require("errors.json")));
        return document.RootElement.Clone();
    }
}
