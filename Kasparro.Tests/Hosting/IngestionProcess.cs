using System.Diagnostics;
using System.Text;

namespace Kasparro.Tests.Hosting;

/// <summary>The product's own executable, run as operators run it.</summary>
internal sealed class IngestionProcess : IDisposable
{
    private readonly Process _process;
    private readonly SemaphoreSlim _lines = new(0);
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private IngestionProcess(Process process, CancellationToken cancellationToken)
    {
        _process = process;
        _output = ReadAsync(process.StandardOutput, cancellationToken);
        _errors = process.StandardError.ReadToEndAsync(cancellationToken);
    }

    public static IngestionProcess Start(
        IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Kasparro.Ingestion.dll"), .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(), // The tests' own folder contains another service's settings.
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return new(Process.Start(start)!, cancellationToken);
    }

    /// <summary>Waits until the process has written this many more lines, one per page; false if it ends before that.</summary>
    public async Task<bool> WritesAsync(int lines, CancellationToken cancellationToken)
    {
        for (var i = 0; i < lines; i++)
        {
            var line = _lines.WaitAsync(cancellationToken);
            if (await Task.WhenAny(line, _output) != line)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Kills the process with SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Sends another signal, given by its name.</summary>
    public Task SignalAsync(string signal, CancellationToken cancellationToken) => _process.SignalAsync(signal, cancellationToken);

    public async Task<(int ExitCode, string Output)> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return (_process.ExitCode, await _output + await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
        _lines.Dispose();
    }

    private async Task<string> ReadAsync(StreamReader output, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        while (await output.ReadLineAsync(cancellationToken) is { } line)
        {
            text.AppendLine(line);
            _lines.Release();
        }

        return text.ToString();
    }
}
