using System.Collections.Concurrent;
using System.Diagnostics;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.CoinGecko;
using Kasparro.Ingestion.Sources.CoinPaprika;
using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Kasparro.Tests.Unit.Ingestion.Http;

public sealed class SecretRedactorTests
{
    private const string Key = "CG-very-secret-0123456789";

    [Fact]
    public async Task A_key_is_sent_and_shown_nowhere_else()
    {
        var shown = new ConcurrentQueue<string>();
        using var spans = new ActivityListener();
        spans.ShouldListenTo = _ => true;
        spans.Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded;
        spans.ActivityStopped = span => shown.Enqueue(
            $"{span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects)} "
                + $"{string.Join(' ', span.Events.SelectMany(e => e.Tags))}");
        ActivitySource.AddActivityListener(spans);
        await using var upstream = new ScriptedUpstream(
            services => services.AddFakeLogging().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace)), ("ApiKey", Key));
        upstream.Then(500, $"oops, {Key}").ThenThrow(new HttpRequestException("gone"))
            .Then(401, $$"""{"error":"the key {{Key}} is not known"}""");

        var failure = await Assert.ThrowsAnyAsync<SourceException>(() => upstream.GetAsync(Cancellation));

        Assert.All(upstream.Attempts, attempt => Assert.Equal([Key], attempt.Headers.GetValues("x-cg-demo-api-key")));
        Assert.Contains("[secret] is not known", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, failure.ToString(), StringComparison.Ordinal);
        var logged = upstream.Get<FakeLogCollector>().GetSnapshot();
        Assert.NotEmpty(logged);
        Assert.All(logged, entry => Assert.DoesNotContain(
            Key, $"{entry.Message} {entry.Exception} {string.Join(' ', entry.StructuredState ?? [])} {string.Join(' ', entry.Scopes)}",
            StringComparison.Ordinal));
        Assert.All(shown, text => Assert.DoesNotContain(Key, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Key_in_the_address_that_a_redirect_leads_to_is_not_shown()
    {
        await using var upstream = new ScriptedUpstream(_ => { }, ("ApiKey", Key));
        upstream.Then(302, "moved", location: new Uri($"https://elsewhere.example/list?key={Key}"));

        var failure = await Assert.ThrowsAnyAsync<SourceException>(() => upstream.GetAsync(Cancellation));

        Assert.Contains("https://elsewhere.example/list?key=[secret]", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://me:pass%40word@proxy:3128/", "http://[secret]@proxy:3128/")]
    [InlineData("http://me:p@ss@proxy", "http://[secret]@proxy")]
    [InlineData("http://proxy:3128/a@b", "http://proxy:3128/a@b")]
    public async Task Password_of_a_proxy_is_not_shown(string proxy, string expected)
    {
        await using var upstream = new ScriptedUpstream();
        for (var attempt = 0; attempt < 10; attempt++)
        {
            upstream.ThenThrow(new HttpRequestException($"The proxy tunnel request to proxy '{proxy}' failed with status code '407'."));
        }

        var failure = await Assert.ThrowsAnyAsync<SourceException>(() => upstream.GetAsync(Cancellation));

        Assert.Contains($"to proxy '{expected}' failed", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://api.coingecko.com/api/v3/", "x-cg-demo-api-key")]
    [InlineData("https://pro-api.coingecko.com/api/v3/", "x-cg-pro-api-key")]
    [InlineData("https://PRO-API.coingecko.com/api/v3/", "x-cg-pro-api-key")]
    [InlineData("http://127.0.0.1:5000/", "x-cg-demo-api-key")]
    public void CoinGeckos_header_follows_the_host(string baseUrl, string header) =>
        Assert.Equal(header, new CoinGeckoOptions { BaseUrl = new Uri(baseUrl) }.KeyHeader);

    [Theory]
    [InlineData("Raw", Key)]
    [InlineData("Bearer", $"Bearer {Key}")]
    public void CoinPaprikas_key_is_sent_in_the_form_that_is_set(string form, string header) =>
        Assert.Equal(
            header, new CoinPaprikaOptions { ApiKey = Key, Authorization = Enum.Parse<AuthorizationForm>(form) }.AuthorizationHeader);

    [Fact]
    public void Redact_masks_every_key_and_leaves_short_values_alone() =>
        Assert.Equal(
            "[secret] and [secret], a banana",
            new SecretRedactor([new(Key), new("other-key"), new("an"), new("")]).Redact($"{Key} and other-key, a banana"));
}
