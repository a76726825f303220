using System.Net;
using Kasparro.Api.Http;
using Kasparro.ServiceDefaults.Operators;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Kasparro.Tests.Unit.Api;

public sealed class RateLimiterTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
    private readonly OperatorKeys _keys = new(new ConfigurationBuilder().Build(), NullLogger<OperatorKeys>.Instance);
    private readonly RateLimiter _limiter;

    public RateLimiterTests() => _limiter = new(
        _keys, _time, Options.Create(new RateLimitOptions { Requests = 2, Window = TimeSpan.FromMinutes(1) }));

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void A_client_is_refused_beyond_the_limit_until_the_next_window()
    {
        Assert.Equal([true, true, false], [TryCount(), TryCount(), TryCount()]);

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(TryCount());
    }

    /// <summary>A window of a clock that ran ahead would otherwise last until the clock has caught up with it.</summary>
    [Fact]
    public void A_clock_that_is_set_back_refuses_nobody_for_longer_than_a_window()
    {
        Assert.Equal([true, true, false], [TryCount(), TryCount(), TryCount()]);

        _time.AdjustTime(_time.GetUtcNow().AddHours(-2));

        Assert.Equal([true, true, false], [TryCount(), TryCount(), TryCount()]);
    }

    /// <summary>Counts that Redis has already added would otherwise be sent, and counted, a second time.</summary>
    [Fact]
    public async Task One_client_that_cannot_be_shared_leaves_the_others_shared()
    {
        var window = new RateWindow(0, 0);
        for (byte client = 1; client <= 3; client++)
        {
            window.GetCount(ClientKey.From(new([10, 0, 0, client]))).Add();
        }

        List<ClientKey> asked = [];
        await RateLimitSync.ShareAsync(window, (client, told) =>
        {
            asked.Add(client);
            return asked.Count == 1 ? Task.FromException<long>(new TimeoutException()) : Task.FromResult(told);
        });

        Assert.Equal(3, asked.Count);
        Assert.All(window.Clients, client => Assert.Equal(client.Key == asked[0] ? 1 : 0, client.Value.Unshared));
    }

    private bool TryCount() => _limiter.TryCount(new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Loopback } });
}
