using Kasparro.Benchmarks;
using Kasparro.Benchmarks.Ingestion;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, signal) =>
{
    signal.Cancel = true;
    stop.Cancel();
};

return args switch
{
    ["ingestion", .. var options] => await IngestionCommand.RunAsync(options, stop.Token),
    _ => Usage.Print(),
};
