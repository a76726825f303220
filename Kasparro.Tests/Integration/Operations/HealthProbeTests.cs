using Kasparro.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kasparro.Tests.Integration.Operations;

public sealed class HealthProbeTests
{
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
        await app.StartAsync(Cancellation);
        using var output = new StringWriter();

        Assert.Equal(
            expected, await HealthProbe.RunAsync(new Uri($"{app.Urls.Single()}/health"), output, Cancellation));
        Assert.Contains($"{status}", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exit_code_is_1_when_nothing_listens()
    {
        using var output = new StringWriter();

        Assert.Equal(1, await HealthProbe.RunAsync(new Uri("http://127.0.0.1:1/health"), output, Cancellation));
        Assert.Contains("does not respond", output.ToString(), StringComparison.Ordinal);
    }
}
