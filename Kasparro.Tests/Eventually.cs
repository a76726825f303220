namespace Kasparro.Tests;

/// <summary>Waits for an effect of another process.</summary>
internal static class Eventually
{
    /// <summary>Polls until the condition holds; gives up after two minutes, or when the test is cancelled.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(120));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
