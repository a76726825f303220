namespace Kasparro.Ingestion.Commands;

/// <summary>Ctrl+C as a token, for commands that start no host.</summary>
internal sealed class ConsoleStop : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    private ConsoleStop()
    {
        Console.CancelKeyPress += OnCancel;
    }

    public CancellationToken Token => _source.Token;

    public static ConsoleStop Create() => new();

    public void Dispose()
    {
        Console.CancelKeyPress -= OnCancel;
        _source.Dispose();
    }

    private void OnCancel(object? sender, ConsoleCancelEventArgs e)
    {
        e.Cancel = true;
        _source.Cancel();
    }
}
