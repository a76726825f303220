using System.Globalization;
using System.Text;
using Kasparro.Simulator.Generation;
using Kasparro.Simulator.Wire;

namespace Kasparro.Tests.Unit.Simulator;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData(20030493, "20030493", "20030493.0", "20030493")]
    [InlineData(5.856e-05, "0.00005856", "5.856e-05", "0.00005856")]
    [InlineData(5.856e-07, "5.856e-7", "5.856e-07", "0.0000005856")]
    [InlineData(1e-11, "1e-11", "1e-11", "0.00000000001")]
    [InlineData(0, "0", "0.0", "0")]
    [InlineData(-0.5, "-0.5", "-0.5", "-0.5")]
    [InlineData(100, "100", "100.0", "100")]
    [InlineData(38766.25, "38766.25", "38766.25", "38766.25")]
    [InlineData(1.5e16, "15000000000000000", "1.5e+16", "15000000000000000")]
    [InlineData(1e23, "1e+23", "1e+23", "100000000000000000000000")]
    [InlineData(3.25e29, "3.25e+29", "3.25e+29", "325000000000000000000000000000")]
    public void Format_prints_as_each_upstream_would(double value, string go, string python, string plain)
    {
        Assert.Equal(go, Format(value, NumberStyle.Go));
        Assert.Equal(python, Format(value, NumberStyle.Python));
        Assert.Equal(plain, Format(value, NumberStyle.Plain));
    }

    [Fact]
    public void Format_loses_nothing_when_any_double_is_printed()
    {
        var random = new SeededRandom(11);
        for (var i = 0; i < 20_000; i++)
        {
            var value = BitConverter.UInt64BitsToDouble(random.Next());
            if (double.IsFinite(value))
            {
                Assert.All(Enum.GetValues<NumberStyle>(),
                    s => Assert.Equal(value, double.Parse(Format(value, s), CultureInfo.InvariantCulture)));
            }
        }
    }

    private static string Format(double value, NumberStyle style)
    {
        Span<byte> text = stackalloc byte[NumberText.MaxLength];
        return Encoding.ASCII.GetString(text[..NumberText.Format(value, style, text)]);
    }
}
