namespace Kasparro.Tests;

/// <summary>Waits for what another process brings about.</summary>
internal static class Eventually
{
    /// <summary>Asks again and again until the condition holds; the test's own time limit or cancellation ends it.</summary>
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
