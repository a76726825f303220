using Kasparro.Api;
using Kasparro.Api.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Kasparro.Tests.Unit.Api;

public sealed class SharedHealthCheckTests
{
    [Fact]
    public async Task Check_runs_once_for_all_who_ask_at_a_time_and_a_few_times_a_second_for_those_who_go_on()
    {
        var time = new FakeTimeProvider();
        var counted = new CountedCheck();
        var shared = new SharedHealthCheck<CountedCheck>(counted, time, Options.Create(new ApiOptions()));
        var context = new HealthCheckContext { Registration = new("counted", shared, HealthStatus.Unhealthy, tags: null) };

        var asked = Enumerable.Range(0, 500).Select(_ => shared.CheckHealthAsync(context, Cancellation)).ToList();
        counted.Gate.SetResult();
        Assert.All(await Task.WhenAll(asked), result => Assert.Equal(HealthStatus.Healthy, result.Status));
        Assert.Equal(1, counted.Count);

        for (var second = 1; second <= 3; second++)
        {
            for (var request = 0; request < 100; request++)
            {
                await shared.CheckHealthAsync(context, Cancellation);
            }

            Assert.Equal(1 + (second * SharedHealthCheck<CountedCheck>.MaxPerSecond), counted.Count);
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private sealed class CountedCheck : IHealthCheck
    {
        private int _count;

        public TaskCompletionSource Gate { get; } = new();

        public int Count => _count;

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _count);
            await Gate.Task.WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}
