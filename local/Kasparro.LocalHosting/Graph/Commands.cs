using Aspire.Hosting.Dashboard.Wire;

namespace Aspire.Hosting.ApplicationModel;

public static class KnownResourceCommands
{
    public static readonly string StartCommand = "start";
    public static readonly string StopCommand = "stop";
    public static readonly string RestartCommand = "restart";
}

public class CommandOptions
{
    public string? Description { get; set; }
    public string? IconName { get; set; }
    public bool IsHighlighted { get; set; }
    internal IconVariant IconVariant { get; init; }
}

public class HttpCommandOptions : CommandOptions
{
    public Func<HttpCommandRequestContext, Task>? PrepareRequest { get; set; }
    public Func<HttpCommandResultContext, Task<ExecuteCommandResult>>? GetCommandResult { get; set; }
}

public sealed class HttpCommandRequestContext
{
    public required CancellationToken CancellationToken { get; init; }
    public required HttpRequestMessage Request { get; init; }
}

public sealed class HttpCommandResultContext
{
    public required HttpResponseMessage Response { get; init; }
}

public sealed class ExecuteCommandContext
{
    public required CancellationToken CancellationToken { get; init; }
    internal IServiceProvider Services { get; init; } = null!;
}

public sealed class ExecuteCommandResult
{
    public required bool Success { get; init; }
    public string? Message { get; init; }
}

public static class CommandResults
{
    public static ExecuteCommandResult Success(string message) => new() { Success = true, Message = message };

    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, Message = errorMessage };

    internal static ExecuteCommandResult Success() => new() { Success = true };
}

public class ResourceCommandService
{
    private readonly IServiceProvider _services;
    private readonly ResourceLoggerService _logs;

    internal ResourceCommandService(IServiceProvider services, ResourceLoggerService logs) => (_services, _logs) = (services, logs);

    public async Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        if (CommandsOf(resource).FirstOrDefault(command => command.Name == commandName) is not { } command)
        {
            return CommandResults.Failure($"Command '{commandName}' not available for resource '{resource.Name}'.");
        }

        try
        {
            return await command.Execute(new() { Services = _services, CancellationToken = cancellationToken }).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a command throws, the graph runs on, and whoever asked for it is told.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            _logs.Append(resource.Name, $"The command '{command.DisplayName}' failed: {e.Message}", isError: true);
            return CommandResults.Failure(e.Message);
        }
    }

    /// <summary>What has a process can be started and stopped; the rest is what the graph added.</summary>
    internal static IEnumerable<CommandAnnotation> CommandsOf(IResource resource)
    {
        IEnumerable<CommandAnnotation> lifecycle = resource is ProjectResource or ContainerResource or ExecutableResource ?
        [
            Lifecycle(KnownResourceCommands.StartCommand, "Start", "Play", highlighted: true, stops: false, starts: true),
            Lifecycle(KnownResourceCommands.StopCommand, "Stop", "Stop", highlighted: true, stops: true, starts: false),
            Lifecycle(KnownResourceCommands.RestartCommand, "Restart", "ArrowCounterclockwise", highlighted: false, stops: true, starts: true),
        ] : [];
        return lifecycle.Concat(resource.Annotations.OfType<CommandAnnotation>());

        CommandAnnotation Lifecycle(string name, string displayName, string icon, bool highlighted, bool stops, bool starts) => new(
            name,
            displayName,
            async context =>
            {
                var orchestrator = context.Services.GetRequiredService<Orchestrator>();
                await (stops ? orchestrator.StopAsync(resource) : Task.CompletedTask).WaitAsync(context.CancellationToken).ConfigureAwait(false);
                (starts ? orchestrator.Start : (Action<IResource>)(_ => { }))(resource);
                return CommandResults.Success();
            },
            new() { IconName = icon, IconVariant = highlighted ? IconVariant.Filled : IconVariant.Regular, IsHighlighted = highlighted },
            state => KnownResourceStates.TerminalStates.Contains(state, StringComparer.Ordinal) != stops ? ResourceCommandState.Enabled
                : highlighted ? ResourceCommandState.Hidden : ResourceCommandState.Disabled);
    }
}

internal sealed record CommandAnnotation(
    string Name,
    string DisplayName,
    Func<ExecuteCommandContext, Task<ExecuteCommandResult>> Execute,
    CommandOptions Options,
    Func<string?, ResourceCommandState> StateIn) : IResourceAnnotation;
