using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;

namespace Kasparro.Tests.AppHost.Local;

/// <summary>The order in which local hosting starts and stops things, and what it says when that goes wrong; shells stand in for services.</summary>
public sealed class OrchestrationTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dependant_fails_to_start_with_the_reason_when_what_it_waits_for_exits_with_another_code()
    {
        await using var app = Build(out var log, builder =>
        {
            var job = Shell(builder, "job", "echo no such table >&2; exit 3");
            var service = Shell(builder, "service", "exec sleep 1000").WaitForCompletion(job);
            Shell(builder, "client", "exec sleep 1000").WaitFor(service);
        });

        await app.StartAsync(Cancelled);
        await app.ResourceNotifications.WaitForResourceAsync("client", KnownResourceStates.FailedToStart, Cancelled);

        var job = await app.ResourceNotifications.WaitForResourceAsync("job", update => update.Snapshot.ExitCode is not null, Cancelled);
        Assert.Equal(3, job.Snapshot.ExitCode);
        Assert.Equal(KnownResourceStates.Finished, job.Snapshot.State!.Text);
        Assert.Contains("job exited with code 3: no such table", Messages(log), StringComparer.Ordinal);
        Assert.Contains("service failed to start: it waits for job, which exited with code 3: no such table", Messages(log), StringComparer.Ordinal);
        Assert.Contains("client failed to start: it waits for service, which failed to start: it waits for job, which exited with code 3: no such table", Messages(log), StringComparer.Ordinal);
        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.ResourceNotifications.WaitForResourceHealthyAsync("service", Cancelled));
        Assert.Contains("no such table", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dependant_starts_when_what_it_waits_for_exits_with_the_expected_code()
    {
        await using var app = Build(out _, builder =>
            Shell(builder, "service", "exec sleep 1000").WaitForCompletion(Shell(builder, "job", "exit 3"), exitCode: 3));

        await app.StartAsync(Cancelled);

        await app.ResourceNotifications.WaitForResourceHealthyAsync("service", Cancelled);
    }

    [Fact]
    public async Task Resource_names_the_port_when_another_process_has_it()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var app = Build(out var log, builder => Shell(builder, "api", "exec sleep 1000").WithHttpEndpoint(port));

        await app.StartAsync(Cancelled);
        await app.ResourceNotifications.WaitForResourceAsync("api", KnownResourceStates.FailedToStart, Cancelled);

        Assert.Contains($"api failed to start: port {port} is taken by another process", Messages(log), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Resource_names_the_command_when_it_is_not_there()
    {
        await using var app = Build(out var log, builder => builder.AddExecutable("tool", "no-such-command", "."));

        await app.StartAsync(Cancelled);
        await app.ResourceNotifications.WaitForResourceAsync("tool", KnownResourceStates.FailedToStart, Cancelled);

        Assert.Contains("tool failed to start: the command no-such-command is not to be found", Messages(log), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Stop_ends_dependants_before_what_they_need()
    {
        await using var app = Build(out _, builder =>
        {
            var store = Shell(builder, "store", "exec sleep 1000");
            var service = Shell(builder, "service", "exec sleep 1000").WaitFor(store);
            Shell(builder, "client", "exec sleep 1000").WaitFor(service);
        });
        await app.StartAsync(Cancelled);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("client", Cancelled);
        var updates = app.ResourceNotifications.WatchAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.True(await updates.MoveNextAsync());

        await app.StopAsync(Cancelled);

        var ends = new List<string>();
        while (ends.Count < 6 && await updates.MoveNextAsync())
        {
            if (updates.Current.Snapshot.State!.Text is "Stopping" or "Finished")
            {
                ends.Add($"{updates.Current.Resource.Name} {updates.Current.Snapshot.State.Text}");
            }
        }

        Assert.Equal(["client Stopping", "client Finished", "service Stopping", "service Finished", "store Stopping", "store Finished"], ends, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Restart_replaces_the_process_and_its_output_goes_on()
    {
        await using var app = Build(out _, builder => Shell(builder, "service", "echo started as $$; exec sleep 1000"));
        await app.StartAsync(Cancelled);
        var output = app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync("service").GetAsyncEnumerator(Cancelled);
        var first = await NextAsync(output, "started as");

        var service = app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single();
        var result = await app.ResourceCommands.ExecuteCommandAsync(service, KnownResourceCommands.RestartCommand, Cancelled);

        Assert.True(result.Success);
        Assert.NotEqual(first, await NextAsync(output, "started as"));
        await app.ResourceNotifications.WaitForResourceHealthyAsync("service", Cancelled);
        Assert.False((await app.ResourceCommands.ExecuteCommandAsync(service, "dance", Cancelled)).Success);
    }

    [Fact]
    public async Task Stop_kills_a_process_and_its_children_when_they_do_not_listen()
    {
        await using var app = Build(out _, builder => Shell(builder, "deaf", "trap '' TERM; sleep 1000 & echo child $!; while :; do wait; done"));
        await app.StartAsync(Cancelled);
        var output = app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync("deaf").GetAsyncEnumerator(Cancelled);
        var child = (await NextAsync(output, "child ")).Split(' ')[^1];

        await app.StopAsync(Cancelled);

        await Processes.WaitUntilGoneAsync([int.Parse(child)], Cancelled);
    }

    private static IResourceBuilder<ExecutableResource> Shell(IDistributedApplicationBuilder builder, string name, string script) =>
        builder.AddExecutable(name, "/bin/sh", ".", "-c", script);

    private static DistributedApplication Build(out FakeLogCollector log, Action<IDistributedApplicationBuilder> describe)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });
        builder.Services.AddFakeLogging();
        describe(builder);
        var app = builder.Build();
        log = app.Services.GetFakeLogCollector();
        return app;
    }

    private static IEnumerable<string> Messages(FakeLogCollector log) => log.GetSnapshot().Select(record => record.Message);

    private static async Task<string> NextAsync(IAsyncEnumerator<IReadOnlyList<LogLine>> output, string text)
    {
        while (await output.MoveNextAsync())
        {
            if (output.Current.FirstOrDefault(line => line.Content.Contains(text, StringComparison.Ordinal)) is { Content: not null } line)
            {
                return line.Content;
            }
        }

        throw new InvalidOperationException($"The output ended without '{text}'.");
    }
}
