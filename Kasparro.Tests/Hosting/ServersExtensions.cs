namespace Kasparro.Tests.Hosting;

internal static class ServersExtensions
{
    /// <summary>Starts server processes; if one fails to start, disposes of all of them, as the caller receives none.</summary>
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
