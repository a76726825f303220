namespace Aspire.Hosting.ApplicationModel;

public static class KnownResourceCommands
{
    public static readonly string StartCommand = "start";
    public static readonly string StopCommand = "stop";
    public static readonly string RestartCommand = "restart";
}

public sealed class ExecuteCommandResult
{
    public required bool Success { get; init; }

    public string? Message { get; init; }
}

public class ResourceCommandService
{
    private readonly Orchestrator _orchestrator;

    internal ResourceCommandService(Orchestrator orchestrator) => _orchestrator = orchestrator;

    public async Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        if (commandName != KnownResourceCommands.StartCommand && commandName != KnownResourceCommands.StopCommand && commandName != KnownResourceCommands.RestartCommand)
        {
            return new() { Success = false, Message = $"Command '{commandName}' not available for resource '{resource.Name}'." };
        }

        if (commandName != KnownResourceCommands.StartCommand)
        {
            await _orchestrator.StopAsync(resource, cancellationToken).ConfigureAwait(false);
        }

        if (commandName != KnownResourceCommands.StopCommand)
        {
            _orchestrator.Start(resource);
        }

        return new() { Success = true };
    }
}
