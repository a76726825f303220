using Kasparro.Ingestion.Runs;

namespace Kasparro.Tests.Unit.Ingestion;

public sealed class IngestionBellTests
{
    private readonly IngestionBell _bell = new();

    [Fact]
    public void TryRing_is_not_heard_when_nobody_waits() => Assert.False(_bell.TryRing());

    [Fact]
    public async Task TryRing_wakes_who_waits_once()
    {
        var waiting = _bell.WaitAsync(TestContext.Current.CancellationToken);

        Assert.True(_bell.TryRing());
        Assert.False(_bell.TryRing());
        await waiting;
    }

    [Fact]
    public async Task TryRing_is_not_heard_when_the_waiting_was_given_up()
    {
        using var given = new CancellationTokenSource();
        var waiting = _bell.WaitAsync(given.Token);
        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(_bell.TryRing());
    }
}
