using Kasparro.AppHost.Servers;

namespace Kasparro.Tests.AppHost;

/// <summary>Detection of a container engine when the orchestrator reports one, reports none, fails or hangs.</summary>
public sealed class ContainerEngineTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("kasparro-dcp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("""echo '{"containers":{"runtime":"docker","installed":true,"running":true}}'""", true)]
    [InlineData("""echo '{"containers":{"runtime":"docker","installed":true,"running":false}}'""", false)]
    [InlineData("echo '{}'", false)]
    [InlineData("echo 'no container runtime' >&2; exit 1", false)]
    [InlineData("echo 'usage: dcp …'", false)]
    public void An_engine_runs_where_the_orchestrator_says_so(string answer, bool expected) =>
        Assert.Equal(expected, ContainerEngine.AskOrchestrator(Script(answer), Limit));

    [Fact]
    public void An_orchestrator_that_hangs_is_not_waited_for() =>
        Assert.False(ContainerEngine.AskOrchestrator(Script("sleep 600"), TimeSpan.FromMilliseconds(100)));

    private string Script(string commands)
    {
        var path = Path.Combine(_folder, "dcp");
        File.WriteAllText(path, $"#!/bin/bash\n{commands}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }
}
