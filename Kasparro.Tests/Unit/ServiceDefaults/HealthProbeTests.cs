using Kasparro.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kasparro.Tests.Unit.ServiceDefaults;

public sealed class HealthProbeTests
{
    [Theory]
    [InlineData(null, null, null, 8080)]
    [InlineData(null, null, "8081", 8081)]
    [InlineData(null, "9000;9001", "8081", 9000)]
    [InlineData("http://+:5000;http://+:5001", "9000", null, 5000)]
    [InlineData("http://localhost:41777/", null, null, 41777)]
    public void Address_is_where_the_service_of_this_environment_listens(string? urls, string? ports, string? fallback, int expected)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = urls,
            ["HTTP_PORTS"] = ports,
            ["ASPNETCORE_HTTP_PORTS"] = fallback,
        };

        Assert.Equal($"http://localhost:{expected}/health", HealthProbe.AddressOf(environment.GetValueOrDefault).ToString());
    }

    [Theory]
    [InlineData(StatusCodes.Status200OK, 0)]
    [InlineData(StatusCodes.Status503ServiceUnavailable, 1)]
    public async Task Exit_code_follows_the_answer(int status, int expected)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.MapGet("/health", () => Results.StatusCode(status));
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var output = new StringWriter();

        Assert.Equal(
            expected, await HealthProbe.RunAsync(new Uri($"{app.Urls.Single()}/health"), output, TestContext.Current.CancellationToken));
        Assert.Contains($"{status}", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exit_code_is_1_when_nothing_listens()
    {
        using var output = new StringWriter();

        Assert.Equal(1, await HealthProbe.RunAsync(new Uri("http://127.0.0.1:1/health"), output, TestContext.Current.CancellationToken));
        Assert.Contains("does not answer", output.ToString(), StringComparison.Ordinal);
    }
}
