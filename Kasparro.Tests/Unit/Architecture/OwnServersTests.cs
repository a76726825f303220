namespace Kasparro.Tests.Unit.Architecture;

/// <summary>Tests leave none of their servers running.</summary>
public sealed class OwnServersTests
{
    [Fact]
    public async Task Servers_end_when_one_of_them_does_not_start()
    {
        var servers = new Servers();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => servers.StartAllAsync(_ => throw new InvalidOperationException("Redis did not start.")));

        Assert.Equal("Redis did not start.", exception.Message);
        Assert.Equal(1, servers.Disposals);
    }

    [Fact]
    public async Task Servers_that_started_stay()
    {
        var servers = new Servers();

        Assert.Same(servers, await servers.StartAllAsync(_ => Task.CompletedTask));

        Assert.Equal(0, servers.Disposals);
    }

    private sealed class Servers : IAsyncDisposable
    {
        public int Disposals { get; private set; }

        public ValueTask DisposeAsync()
        {
            Disposals++;
            return ValueTask.CompletedTask;
        }
    }
}
