using Kasparro.Ingestion.Runs;
using Spectre.Console;

namespace Kasparro.Ingestion.Commands;

/// <summary>Shows an ingestion's progress: a line that is rewritten on a terminal, a line a page elsewhere.</summary>
internal sealed class IngestionConsole : IProgress<IngestionProgress>, IDisposable
{
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly bool _isTerminal = AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;
    private int _width;

    private IngestionConsole(TimeProvider time)
    {
        _time = time;
        _began = time.GetTimestamp();
    }

    public static IngestionConsole Create(TimeProvider time) => new(time);

    public void Report(IngestionProgress value)
    {
        var seconds = Math.Max(_time.GetElapsedTime(_began).TotalSeconds, 0.001);
        var line = $"{value.Source}/{value.Stream}: page {value.Pages}, {value.Totals.Read} records, {value.Totals.Rejected} rejected, "
            + $"{value.Totals.Read / seconds:0} records/s";
        if (_isTerminal)
        {
            Console.Write($"\r{line.PadRight(_width)}");
            _width = line.Length;
        }
        else
        {
            Console.WriteLine(line);
        }
    }

    public void Dispose()
    {
        if (_width > 0)
        {
            Console.WriteLine();
        }
    }
}
