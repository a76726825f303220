using Kasparro.ServiceDefaults.Settings;

namespace Kasparro.Tests.Unit.ServiceDefaults;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(null, "--Api:RateLimit:Requests=10", "--ConnectionStrings:cache", "localhost")]
    [InlineData(null, "--urls=http://127.0.0.1:0", "--environment", "Development")]
    [InlineData("serve", "serve")]
    [InlineData("--help", "--help")]
    [InlineData("-h", "--Api:CorsOrigins=*", "-h")]
    [InlineData("--port=8000", "--port=8000")]
    [InlineData("--urls", "--urls")]
    [InlineData("--urls", "--urls", "--Api:CorsOrigins=*")]
    public void Only_settings_and_known_switches_are_understood(string? unknown, params string[] arguments) =>
        Assert.Equal(unknown, CommandLine.FindUnknown(arguments, "--urls", "--environment"));
}
