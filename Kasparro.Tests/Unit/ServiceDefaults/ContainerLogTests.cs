using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Kasparro.Tests.Unit.ServiceDefaults;

public sealed class ContainerLogTests
{
    [Theory]
    [InlineData("true", ConsoleFormatterNames.Json)]
    [InlineData(null, null)]
    public void Logs_are_json_with_scopes_in_a_container_only(string? isContainer, string? formatter)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("DOTNET_RUNNING_IN_CONTAINER", isContainer)]);
        builder.AddServiceDefaults();
        using var host = builder.Build();

        Assert.Equal(formatter, host.Services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName);
        Assert.Equal(
            isContainer is not null, host.Services.GetRequiredService<IOptions<JsonConsoleFormatterOptions>>().Value.IncludeScopes);
    }
}
