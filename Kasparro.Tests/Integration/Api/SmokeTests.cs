using System.Diagnostics;
using Kasparro.Data.Runs;

namespace Kasparro.Tests.Integration.Api;

/// <summary><c>make smoke</c> against a healthy API, an unhealthy one, and none.</summary>
public sealed class SmokeTests(BackingServices services)
{
    private static readonly string[] Routes = ["/alive", "/health", "/data", "/stats", "/openapi", "/docs"];

    [Fact]
    public async Task Every_check_passes_when_the_catalogue_is_fresh()
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation);
        await SeedAsync(api, DateTimeOffset.UtcNow.AddMinutes(-2));

        var (exitCode, lines) = await SmokeAsync(api.Client.BaseAddress!);

        Assert.Equal(Routes.Select(route => $"ok {route}"), lines);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Freshness_and_health_fail_when_no_run_completed_lately()
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation);
        await SeedAsync(api, DateTimeOffset.UtcNow.AddHours(-2));

        var (exitCode, lines) = await SmokeAsync(api.Client.BaseAddress!);

        Assert.Equal(["ok /alive", "FAIL /health", "ok /data", "FAIL /stats", "ok /openapi", "ok /docs"], lines);
        Assert.Equal(2, exitCode);
    }

    [Fact]
    public async Task Every_check_fails_when_nothing_listens()
    {
        var (exitCode, lines) = await SmokeAsync(new Uri("http://127.0.0.1:1"));

        Assert.Equal(Routes.Length, exitCode);
        Assert.All(lines, line => Assert.StartsWith("FAIL", line, StringComparison.Ordinal));
    }

    private static async Task SeedAsync(ApiHarness api, DateTimeOffset ranAt)
    {
        var version = await CatalogueSeed.CommitAsync(
            api.Catalogue,
            [
                CatalogueSeed.Asset(1, "BTC", 1_265_000_000_000),
                .. SourceNames.All.Select(source => CatalogueSeed.Run(source, RunStatus.Completed, ranAt, TimeSpan.FromSeconds(1), 1)),
            ],
            Cancellation);
        await api.KnowsAsync(version, Cancellation);
    }

    private static async Task<(int ExitCode, List<string> Lines)> SmokeAsync(Uri url)
    {
        var (exitCode, output, _) = await new ProcessStartInfo("bash", [RepositoryFiles.At("scripts/smoke.sh")])
        {
            Environment = { ["URL"] = url.ToString() },
        }.RunAsync(Cancellation);
        var checks = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1);
        TestContext.Current.SendDiagnosticMessage(output);
        return (exitCode,
            [.. checks.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2)))]);
    }
}
