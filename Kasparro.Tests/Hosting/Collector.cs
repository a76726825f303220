using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kasparro.Tests.Hosting;

/// <summary>Receives what services export over OTLP (HTTP and protobuf, whose strings are plain UTF-8).</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();

    private Collector(WebApplication app) => _app = app;

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<Collector> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var collector = new Collector(app);
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            collector._received.Enqueue((context.Request.Path.Value!, body.ToArray()));
        });
        await app.StartAsync(cancellationToken);
        return collector;
    }

    /// <summary>Everything received for a signal: <c>traces</c>, <c>metrics</c> or <c>logs</c>.</summary>
    public string Read(string signal) =>
        string.Concat(
            _received.Where(received => received.Path == $"/v1/{signal}").Select(received => Encoding.UTF8.GetString(received.Body)));

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
