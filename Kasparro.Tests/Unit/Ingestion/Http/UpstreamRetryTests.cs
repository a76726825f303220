using Kasparro.Ingestion.Sources;

namespace Kasparro.Tests.Unit.Ingestion.Http;

public sealed class UpstreamRetryTests
{
    [Theory]
    [InlineData(500, "")]
    [InlineData(408, "")]
    [InlineData(402, "")]
    [InlineData(429, "Throttled")]
    [InlineData(200, "")]
    [InlineData(200, """{"status":{"error_code":429}}""")]
    [InlineData(200, """{"error":"something"}""")]
    [InlineData(200, """[{"error":"something"}]""")]
    [InlineData(200, "<html>Just a moment...</html>")]
    [InlineData(403, "<html>Attention Required! | Cloudflare</html>")]
    [InlineData(503, "<html></html>")]
    public async Task A_call_is_repeated_when_its_answer_may_be_better_next_time(int status, string body)
    {
        await using var upstream = new ScriptedUpstream();
        upstream.Then(status, body).Then(status, body).Then(200, "[1, 2]");

        Assert.Equal("[1, 2]", await upstream.GetAsync(Cancellation));
        Assert.Equal(3, upstream.Attempts.Count);
    }

    [Fact]
    public async Task A_call_is_repeated_when_the_connection_fails_or_nothing_comes()
    {
        await using var upstream = new ScriptedUpstream(null, ("AttemptTimeout", "00:05:00"));
        upstream.ThenThrow(new HttpRequestException("refused")).ThenHang().ThenThrow(new HttpIOException(HttpRequestError.ResponseEnded))
            .Then(200, "[]");

        Assert.Equal("[]", await upstream.GetAsync(Cancellation));
        Assert.Equal(4, upstream.Attempts.Count);
    }

    [Fact]
    public async Task A_connection_that_fails_is_told_with_its_cause()
    {
        await using var upstream = new ScriptedUpstream(null, ("MaxRetries", "1"));
        var failure = new HttpRequestException(
            "The SSL connection could not be established, see inner exception.", new IOException("The certificate is not trusted."));
        upstream.ThenThrow(failure).ThenThrow(failure);

        var told = await Assert.ThrowsAnyAsync<SourceException>(() => upstream.GetAsync(Cancellation));

        Assert.StartsWith("GET ", told.Message, StringComparison.Ordinal);
        Assert.EndsWith("see inner exception. The certificate is not trusted.", told.Message, StringComparison.Ordinal);
    }

    /// <summary>Breaks off within the bytes that are inspected before the response is passed on.</summary>
    [Fact]
    public async Task A_response_that_breaks_off_in_its_first_bytes_is_told_with_its_route()
    {
        await using var upstream = new ScriptedUpstream(null, ("MaxRetries", "1"));
        var failure = new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely.");
        upstream.ThenThrow(failure).ThenThrow(failure);

        var told = await Assert.ThrowsAnyAsync<SourceException>(() => upstream.GetAsync(Cancellation));

        Assert.StartsWith("GET ", told.Message, StringComparison.Ordinal);
        Assert.Contains("The response ended prematurely.", told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, """{"error_code":10011,"status":{"error_message":"change your root URL"}}""", "Sources:CoinGecko:ApiKey")]
    [InlineData(400, """{"error_code":10010}""", "Sources:CoinGecko:ApiKey")]
    [InlineData(401, """{"status":{"error_code":10002}}""", "Sources:CoinGecko:ApiKey")]
    [InlineData(403, """{"error":"no"}""", "Sources:CoinGecko:ApiKey")]
    [InlineData(404, "404 page not found", "Sources:CoinGecko:BaseUrl")]
    [InlineData(301, "", "Sources:CoinGecko:BaseUrl")]
    public async Task A_call_fails_at_once_with_advice_when_no_repetition_can_help(int status, string body, string advice)
    {
        await using var upstream = new ScriptedUpstream();
        upstream.Then(status, body).Then(200, "[]");

        var failure = await Assert.ThrowsAnyAsync<SourceException>(() => upstream.GetAsync(Cancellation));

        Assert.Contains(advice, failure.Message, StringComparison.Ordinal);
        Assert.Single(upstream.Attempts);
    }

    [Theory]
    [InlineData("119", 119)]
    [InlineData("Thu, 01 Jan 2026 00:01:30 GMT", 90)]
    [InlineData("86400", 180)] // Capped.
    [InlineData("Fri, 02 Jan 2026 00:00:00 GMT", 180)]
    public async Task Retry_after_is_obeyed_in_both_forms_up_to_the_cap(string retryAfter, int seconds)
    {
        await using var upstream = new ScriptedUpstream(null, ("MaxRetryAfter", "00:03:00"));
        upstream.Then(429, "Throttled", retryAfter).Then(200, "[]");

        await upstream.GetAsync(Cancellation);

        var attempts = upstream.Attempts.ToArray();
        Assert.Equal(TimeSpan.FromSeconds(seconds), attempts[1].At - attempts[0].At);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("Wed, 31 Dec 2025 00:00:00 GMT")]
    [InlineData("-5")]
    [InlineData("soon")]
    public async Task A_retry_after_of_nothing_is_no_busy_loop(string retryAfter)
    {
        await using var upstream = new ScriptedUpstream(null, ("MaxRetries", "3"));
        upstream.Then(429, "", retryAfter).Then(429, "", retryAfter).Then(429, "", retryAfter).Then(429, "", retryAfter);

        var failure = await Assert.ThrowsAsync<SourceException>(() => upstream.GetAsync(Cancellation));

        var attempts = upstream.Attempts.ToArray();
        Assert.Equal(4, attempts.Length);
        Assert.True(attempts[1].At - attempts[0].At >= TimeSpan.FromSeconds(8), $"{attempts[1].At - attempts[0].At}");
        Assert.True(attempts[3].At - attempts[2].At >= TimeSpan.FromSeconds(32), $"{attempts[3].At - attempts[2].At}");
        Assert.Contains("429", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_runs_out_of_time_says_what_it_met()
    {
        await using var upstream = new ScriptedUpstream(
            null, ("AttemptTimeout", "00:01:00"), ("TotalTimeout", "00:01:00"), ("MaxRetryAfter", "00:30:00"));
        upstream.Then(429, "Throttled", "600");

        var failure = await Assert.ThrowsAsync<SourceException>(() => upstream.GetAsync(Cancellation));

        Assert.Contains("429", failure.Message, StringComparison.Ordinal);
        Assert.Contains("in time", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_circuit_breaker_keeps_calls_back_when_an_upstream_only_fails()
    {
        await using var upstream = new ScriptedUpstream(
            null, ("MaxRetries", "1"), ("RetryDelay", "00:00:00.1"), ("BreakerMinimumCalls", "2"));
        upstream.Then(500, "").Then(500, "").Then(200, "[]");
        await Assert.ThrowsAsync<SourceException>(() => upstream.GetAsync(Cancellation));

        var failure = await Assert.ThrowsAsync<SourceException>(() => upstream.GetAsync(Cancellation));

        Assert.Contains("failed too often", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, upstream.Attempts.Count);
    }

    [Fact]
    public async Task An_upstream_that_asks_to_wait_does_not_open_the_circuit_breaker()
    {
        await using var upstream = new ScriptedUpstream(
            null, ("MaxRetries", "4"), ("RetryDelay", "00:00:00.1"), ("BreakerMinimumCalls", "2"));
        upstream.Then(429, "").Then(429, "").Then(429, "").Then(429, "").Then(200, "[]");

        Assert.Equal("[]", await upstream.GetAsync(Cancellation));
    }

    [Fact]
    public async Task A_long_answer_is_handed_on_whole()
    {
        await using var upstream = new ScriptedUpstream();
        var body = $"{new string(' ', 5)}[{string.Join(',', Enumerable.Range(0, 50_000))}]";
        upstream.Then(200, body);

        Assert.Equal(body, await upstream.GetAsync(Cancellation));
    }
}
