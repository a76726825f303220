using System.Diagnostics;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>The product's own executable, as operators run it.</summary>
internal sealed class IngestionProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private IngestionProcess(Process process, CancellationToken cancellationToken)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        _errors = process.StandardError.ReadToEndAsync(cancellationToken);
    }

    public static IngestionProcess Start(IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Kasparro.Ingestion.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return new(Process.Start(start)!, cancellationToken);
    }

    public void Kill() => _process.Kill();

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
    }
}
