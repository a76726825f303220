namespace Kasparro.Tests.Hosting;

internal static class ServersExtensions
{
    /// <summary>Starts servers that are processes: where one does not start, nobody is given the others to end, so they end here.</summary>
    /// <returns>The servers.</returns>
    public static async Task<T> StartAllAsync<T>(this T servers, Func<T, Task> start)
        where T : IAsyncDisposable
    {
        try
        {
            await start(servers);
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }
}
