using System.Text.Json;
using Kasparro.Simulator;
using Microsoft.AspNetCore.Builder;

namespace Kasparro.Tests.Hosting;

/// <summary>The simulator, in this process and on its own port.</summary>
internal sealed class SimulatorHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SimulatorHost(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    public static Task<SimulatorHost> StartAsync(params string[] args) => StartAsync(time: null, args);

    public static async Task<SimulatorHost> StartAsync(TimeProvider? time, params string[] args)
    {
        var app = SimulatorApplication.Create(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=None", .. args], time);
        await app.StartAsync(Cancellation);
        return new SimulatorHost(app);
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var document =
            JsonDocument.Parse(await Client.GetByteArrayAsync(new Uri(path, UriKind.Relative), Cancellation));
        return document.RootElement.Clone();
    }

    public Task<string> GetTextAsync(
        string path) => Client.GetStringAsync(new Uri(path, UriKind.Relative), Cancellation);

    public Task<HttpResponseMessage> SendAsync(
        string path) => Client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);

    /// <summary>Gets all elements of all market pages.</summary>
    public async Task<List<JsonElement>> GetMarketsAsync(int perPage = 250)
    {
        var coins = new List<JsonElement>();
        for (var page = 1; ; page++)
        {
            var markets = await GetAsync(
                $"/coingecko/api/v3/coins/markets?vs_currency=usd&order=market_cap_desc&per_page={perPage}&page={page}");
            var elements = markets.EnumerateArray().ToArray();
            if (elements.Length == 0)
            {
                return coins;
            }

            coins.AddRange(elements);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
