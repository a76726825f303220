using Kasparro.Benchmarks.Identity;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary><c>make identity-report</c>: the match rules against the simulator's ground truth, without PostgreSQL and Redis.</summary>
public sealed class IdentityReportCommandTests
{
    [Fact]
    public async Task Report_needs_no_store_and_finds_the_rules_good_enough()
    {
        await using var simulator = await SimulatorHost.StartAsync("--assets", "2000");
        var upstream = simulator.Client.BaseAddress!;
        string[] args =
        [
            "--truth", $"{upstream}truth",
            $"--Sources:CoinPaprika:BaseUrl={upstream}coinpaprika/v1/", "--Sources:CoinPaprika:RequestsPerMinute=0",
            $"--Sources:CoinGecko:BaseUrl={upstream}coingecko/api/v3/", "--Sources:CoinGecko:RequestsPerMinute=0",
        ];

        Assert.Equal(0, await IdentityReportCommand.RunAsync(args, Cancellation));
    }
}
