using Kasparro.Simulator;
using Microsoft.Extensions.Configuration;

namespace Kasparro.Tests.Unit.Simulator;

public sealed class SimulatorOptionsTests
{
    [Fact]
    public void Read_gives_defaults_when_nothing_is_set() => Assert.Equal(new SimulatorOptions(), Read());

    [Fact]
    public void Read_takes_every_option_when_flags_stand_among_them()
    {
        var options =
            Read("--assets", "5", "--freeze", "--seed", "9", "--plan", "paid", "--price-interval=10", "--at", "2026-01-02T03:04:05Z",
                "--recorded", Path.GetTempPath());

        Assert.Equal((5, 9UL, UpstreamPlan.Paid, true), (options.Assets, options.Seed, options.Plan, options.Freeze));
        Assert.Equal(TimeSpan.FromSeconds(10), options.PriceInterval);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), options.At);
        Assert.NotNull(options.Recorded);
    }

    [Theory]
    [InlineData("--assets", "0")]
    [InlineData("--assets", "1000001")]
    [InlineData("--assets", "many")]
    [InlineData("--asset", "5")]
    [InlineData("--seed", "-1")]
    [InlineData("--plan", "gold")]
    [InlineData("--price-interval", "0")]
    [InlineData("--at", "noon")]
    [InlineData("--recorded", "/no/such/folder")]
    public void Read_names_the_option_when_its_value_makes_no_sense(string option, string value)
    {
        var refusal = Assert.Throws<SimulatorOptionsException>(() => Read(option, value));

        Assert.Contains(option, refusal.Message, StringComparison.Ordinal);
    }

    private static SimulatorOptions Read(params string[] args)
    {
        var configuration = new ConfigurationBuilder();
        SimulatorOptions.AddCommandLine(configuration, args);
        return SimulatorOptions.Read(configuration.Build());
    }
}
