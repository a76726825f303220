using System.Diagnostics;
using System.Text;

namespace Kasparro.Tests.AppHost.Local;

/// <summary>The AppHost as a process of its own: how it ends, and what it says where something is missing.</summary>
public sealed class HostProcessTests : IDisposable
{
    private readonly Process _host = new();
    private readonly StringBuilder _output = new();
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("kasparro-test-");

    public void Dispose()
    {
        if (!_host.HasExited)
        {
            _host.Kill();
        }

        _host.Dispose();
        _temporary.Delete(recursive: true);
    }

    [Fact]
    public async Task No_child_and_no_scratch_folder_is_left_when_the_host_is_killed()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await StartAsync();
        await ReadUntilAsync("kasparro is running", "cache is running");
        var children = Processes.DescendantsOf(_host.Id);
        Assert.True(children.Count >= 6, $"postgres, its workers, redis and their supervisors; there are {children.Count}");

        _host.Kill();

        await Processes.WaitUntilGoneAsync(children, cancellationToken);
        while (_temporary.GetDirectories("kasparro-*").Length > 0)
        {
            await Task.Delay(50, cancellationToken);
        }
    }

    [Fact]
    public async Task Host_ends_its_children_and_exits_with_0_when_it_is_terminated()
    {
        await StartAsync();
        await ReadUntilAsync("kasparro is running", "cache is running");
        var children = Processes.DescendantsOf(_host.Id);

        using var kill = Process.Start("/bin/kill", ["-TERM", $"{_host.Id}"]);
        await _host.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, _host.ExitCode);
        await Processes.WaitUntilGoneAsync(children, TestContext.Current.CancellationToken);
        Assert.Empty(_temporary.GetDirectories("kasparro-*"));
    }

    [Fact]
    public async Task Host_says_what_to_install_when_a_server_is_missing()
    {
        await StartAsync(path: "/nowhere");

        await ReadUntilAsync(
            "cache failed to start: redis-server is not installed: apt-get install redis-server",
            "api failed to start: it waits for cache, which failed to start");

        // What did start is ended all the same, though nothing is found that could give it a session of its own.
        var children = Processes.DescendantsOf(_host.Id);
        _host.Kill();
        await Processes.WaitUntilGoneAsync(children, TestContext.Current.CancellationToken);
    }

    private async Task StartAsync(string? path = null)
    {
        // PostgreSQL's user must be able to pass through it.
        using var open = Process.Start("/bin/chmod", ["711", _temporary.FullName]);
        await open.WaitForExitAsync(TestContext.Current.CancellationToken);

        var appHost = Path.Combine(Projects.Kasparro_AppHost.ProjectPath, "bin", BuildConfiguration.Name, "net10.0", "Kasparro.AppHost.dll");
        string[] arguments = [appHost, "--Upstreams=live", "--Kasparro:Ephemeral=true", "--DcpPublisher:RandomizePorts=true"];
        _host.StartInfo = new(Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet", arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            WorkingDirectory = Projects.Kasparro_AppHost.ProjectPath,
            Environment = { ["TMPDIR"] = _temporary.FullName, ["PATH"] = path ?? Environment.GetEnvironmentVariable("PATH") },
        };
        _host.Start();
    }

    private async Task ReadUntilAsync(params string[] texts)
    {
        while (!texts.All(text => _output.ToString().Contains(text, StringComparison.Ordinal)))
        {
            var line = await _host.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.True(line is not null, $"The host ended early: {_output}");
            _output.AppendLine(line);
        }
    }
}
