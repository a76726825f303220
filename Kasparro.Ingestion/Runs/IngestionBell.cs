namespace Kasparro.Ingestion.Runs;

/// <summary>Wakes a worker that waits for its next ingestion. One that is at work, or has been woken already, is not to be woken.</summary>
internal sealed class IngestionBell
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _sleeper;

    /// <summary>Wakes the worker; false where none waits.</summary>
    public bool TryRing()
    {
        lock (_gate)
        {
            var heard = _sleeper?.TrySetResult() ?? false;
            _sleeper = null;
            return heard;
        }
    }

    /// <summary>Completes at the next ring.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var sleeper = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _sleeper = sleeper;
        }

        await using var cancelled = cancellationToken.Register(() => sleeper.TrySetCanceled(cancellationToken));
        await sleeper.Task;
    }
}
