using System.Net;

namespace Kasparro.Tests.Integration.Operations;

/// <summary>Services that start before their dependencies.</summary>
public sealed class StartOrderTests
{
    [Fact]
    public async Task Services_wait_with_reasons_for_Postgres_Redis_and_the_schema_and_then_work()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var servers = await DisposableServers.StartAsync(Cancellation);
        await servers.StopPostgresAsync("INT", Cancellation);
        await servers.KillRedisAsync(Cancellation);
        var settings = WorkerSettings.Create(
            servers.Postgres("late"), servers.Redis, upstream.Url, ("Ingestion:RetryInterval", "00:00:01"));
        await using var api = ServiceProcess.StartApi(settings);
        await using var worker = ServiceProcess.StartWorker(settings);

        await api.AnswersAsync("/alive", HttpStatusCode.OK, Cancellation);
        await api.AnswersAsync("/health/ready", HttpStatusCode.ServiceUnavailable, Cancellation);
        await api.AnswersAsync("/data", HttpStatusCode.ServiceUnavailable, Cancellation);
        await api.WritesAsync("Postgres does not respond (", Cancellation);
        await api.WritesAsync("Redis is not connected", Cancellation);
        await worker.AnswersAsync("/alive", HttpStatusCode.OK, Cancellation);
        await worker.AnswersAsync("/health", HttpStatusCode.ServiceUnavailable, Cancellation);
        await worker.WritesAsync("The ingestion could not start: ", Cancellation);

        await servers.StartRedisAsync(Cancellation);
        await servers.StartPostgresAsync(Cancellation);
        await servers.CreateDatabaseAsync("late", Cancellation);
        await worker.WritesAsync("csv_source: completed", Cancellation);
        await worker.AnswersAsync("/health", HttpStatusCode.OK, Cancellation);
        await api.AnswersAsync("/health/ready", HttpStatusCode.OK, Cancellation);
        await api.AnswersAsync("/data", HttpStatusCode.OK, Cancellation);

        Assert.DoesNotContain("Unhandled exception", api.Output + worker.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", api.Output + worker.Output, StringComparison.Ordinal);
    }
}
