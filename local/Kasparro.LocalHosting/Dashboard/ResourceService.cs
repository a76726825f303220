using Grpc.Core;

namespace Aspire.Hosting.Dashboard;

/// <summary>The gRPC service <c>aspire.v1.DashboardService</c>: what the dashboard knows of the graph, and what it may have done to it.</summary>
internal sealed class ResourceService(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    ResourceCommandService commands,
    IHostEnvironment environment,
    IHostApplicationLifetime lifetime) : Wire.DashboardService.DashboardServiceBase
{
    // A gRPC message may have four megabytes.
    private const int LinesPerMessage = 500;
    private const int LongestLine = 4_000;

    public override Task<Wire.ApplicationInformationResponse> GetApplicationInformation(Wire.ApplicationInformationRequest request, ServerCallContext context) =>
        Task.FromResult(new Wire.ApplicationInformationResponse { ApplicationName = environment.ApplicationName.Replace(".AppHost", "", StringComparison.Ordinal) });

    public override Task WatchResources(Wire.WatchResourcesRequest request, IServerStreamWriter<Wire.WatchResourcesUpdate> responseStream, ServerCallContext context) =>
        UntilStoppedAsync(context, async cancellationToken =>
        {
            var sent = notifications.Current.ToDictionary(known => known.Resource, known => known.Snapshot);
            var first = new Wire.InitialResourceData { Resources = { sent.Select(known => ResourceMessage.Of(known.Key, known.Value)) } };
            await responseStream.WriteAsync(new() { InitialData = first }, cancellationToken).ConfigureAwait(false);
            await foreach (var update in notifications.WatchAsync(cancellationToken).ConfigureAwait(false))
            {
                if (!ReferenceEquals(sent.GetValueOrDefault(update.Resource), update.Snapshot))
                {
                    sent[update.Resource] = update.Snapshot;
                    var change = new Wire.WatchResourcesChange { Upsert = ResourceMessage.Of(update.Resource, update.Snapshot) };
                    await responseStream.WriteAsync(new() { Changes = new() { Value = { change } } }, cancellationToken).ConfigureAwait(false);
                }
            }
        });

    public override Task WatchResourceConsoleLogs(
        Wire.WatchResourceConsoleLogsRequest request, IServerStreamWriter<Wire.WatchResourceConsoleLogsUpdate> responseStream, ServerCallContext context) =>
        UntilStoppedAsync(context, async cancellationToken =>
        {
            if (Find(request.ResourceName) is not { } resource)
            {
                return;
            }

            await foreach (var lines in logs.WatchAsync(resource).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                foreach (var batch in lines.Chunk(LinesPerMessage))
                {
                    await responseStream.WriteAsync(new() { LogLines = { batch.Select(MessageOf) } }, cancellationToken).ConfigureAwait(false);
                }

                // What was known comes first, in one.
                if (request.SuppressFollow)
                {
                    return;
                }
            }
        });

    public override async Task<Wire.ResourceCommandResponse> ExecuteResourceCommand(Wire.ResourceCommandRequest request, ServerCallContext context)
    {
        var result = Find(request.ResourceName) is { } resource
            ? await commands.ExecuteCommandAsync(resource, request.CommandName, context.CancellationToken).ConfigureAwait(false)
            : CommandResults.Failure($"There is no resource '{request.ResourceName}'.");
        return new()
        {
            Kind = result.Success ? Wire.ResourceCommandResponseKind.Succeeded : Wire.ResourceCommandResponseKind.Failed,
            Message = result.Message ?? "",
        };
    }

    // Local hosting asks people nothing; but a dashboard whose call ends at once takes the host for gone.
    public override Task WatchInteractions(
        IAsyncStreamReader<Wire.WatchInteractionsRequestUpdate> requestStream,
        IServerStreamWriter<Wire.WatchInteractionsResponseUpdate> responseStream,
        ServerCallContext context) =>
        UntilStoppedAsync(context, cancellationToken => Task.Delay(Timeout.Infinite, cancellationToken));

    private static Wire.ConsoleLogLine MessageOf(LogLine line) => new()
    {
        LineNumber = line.LineNumber,
        Text = line.Content.Length > LongestLine ? line.Content[..LongestLine] : line.Content,
        IsStdErr = line.IsErrorMessage,
    };

    private IResource? Find(string name) => model.Resources.FirstOrDefault(resource => ResourceMessage.IdOf(resource) == name);

    // A stream that nobody reads any more, or that the host's end cuts off, is no error.
    private async Task UntilStoppedAsync(ServerCallContext context, Func<CancellationToken, Task> stream)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await stream(either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (either.IsCancellationRequested && e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // Ended.
        }
    }
}
