using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Kasparro.Tests.Unit.ServiceDefaults;

public sealed class OperatorKeyTests
{
    private const string Key = "an operator key of this test";
    private const string OtherKey = "another operator key of this test";

    private readonly FakeLogCollector _log = new();

    [Fact]
    public async Task WithoutAConfiguredKeyNobodyMayWrite()
    {
        await using var app = await StartAsync([]);

        Assert.Equal(HttpStatusCode.Forbidden, await WriteAsync(app, key: null));
        Assert.Equal(HttpStatusCode.Forbidden, await WriteAsync(app, Key));
        Assert.Equal(HttpStatusCode.Forbidden, await WriteAsync(app, ""));
    }

    [Fact]
    public async Task OnlyTheKeyAndThePreviousOneOpen()
    {
        await using var app = await StartAsync([new("Operator:Key", Key), new("Operator:PreviousKey", OtherKey)]);

        Assert.Equal(HttpStatusCode.OK, await WriteAsync(app, Key));
        Assert.Equal(HttpStatusCode.OK, await WriteAsync(app, OtherKey));
        Assert.Equal(HttpStatusCode.Unauthorized, await WriteAsync(app, Key[1..]));
        Assert.Equal(HttpStatusCode.Unauthorized, await WriteAsync(app, key: null));
    }

    [Fact]
    public async Task AReadRouteNeedsNoKeyAndDoesNotAuditOne()
    {
        await using var app = await StartAsync([new("Operator:Key", Key)]);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/read");
        request.Headers.Add("X-Api-Key", "wrong");
        using var response = await app.GetTestClient().SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(Audit());
    }

    [Fact]
    public async Task EachUseAndEachRefusalIsAuditedWithoutTheKey()
    {
        await using var app = await StartAsync([new("Operator:Key", Key)]);

        await WriteAsync(app, Key);
        await WriteAsync(app, OtherKey);

        Assert.Collection(
            Audit(),
            used => Assert.StartsWith("Operator:Key used: POST /write", used, StringComparison.Ordinal),
            refused => Assert.StartsWith("Refused: POST /write", refused, StringComparison.Ordinal));
        Assert.DoesNotContain(_log.GetSnapshot(),
            record => record.Message.Contains(Key, StringComparison.Ordinal)
                || record.Message.Contains(OtherKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AKeyIsRotatedWithoutARestart()
    {
        var directory = Directory.CreateTempSubdirectory("kasparro-operator");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(directory.FullName, "Operator__Key"), Key + "\n", Cancellation);
            await using var app = await StartAsync([new("Operator:KeyDirectory", directory.FullName)]);
            Assert.Equal(HttpStatusCode.OK, await WriteAsync(app, Key));

            await File.WriteAllTextAsync(
                Path.Combine(directory.FullName, "Operator__PreviousKey"), Key, Cancellation);
            await File.WriteAllTextAsync(
                Path.Combine(directory.FullName, "Operator__Key"), OtherKey, Cancellation);
            ((IConfigurationRoot)app.Services.GetRequiredService<IConfiguration>()).Reload();

            Assert.Equal(HttpStatusCode.OK, await WriteAsync(app, OtherKey));
            Assert.Equal(HttpStatusCode.OK, await WriteAsync(app, Key));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task AKeyThatIsTooShortIsRefusedAtTheStartAndPassedOverLater()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync([new("Operator:Key", "short")]));
        Assert.Equal("Operator:Key has 5 characters; an operator key needs 22 or more.", exception.Message);

        await using var app = await StartAsync([new("Operator:Key", Key)]);
        app.Configuration["Operator:Key"] = "short";
        ((IConfigurationRoot)app.Configuration).Reload();

        Assert.Equal(HttpStatusCode.OK, await WriteAsync(app, Key));
    }

    private async Task<WebApplication> StartAsync(KeyValuePair<string, string?>[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerProvider>(new FakeLoggerProvider(_log));
        builder.AddOperatorKeys();
        var app = builder.Build();
        app.UseRouting();
        app.UseOperatorKeys();
        app.MapGet("/read", () => "read");
        app.MapPost("/write", () => "written").RequireOperatorKey();
        await app.StartAsync(Cancellation);
        return app;
    }

    private static async Task<HttpStatusCode> WriteAsync(WebApplication app, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/write");
        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key);
        }

        using var response = await app.GetTestClient().SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    private IEnumerable<string> Audit() =>
        _log.GetSnapshot().Where(record => record.Category == "Kasparro.Audit").Select(record => record.Message);
}
