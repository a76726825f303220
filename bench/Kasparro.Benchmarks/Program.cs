using Kasparro.Benchmarks;
using Kasparro.Benchmarks.Api;
using Kasparro.Benchmarks.Identity;
using Kasparro.Benchmarks.Ingestion;
using Kasparro.Benchmarks.Resolve;
using Kasparro.Benchmarks.Storage;
using Kasparro.Benchmarks.Vendors;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, signal) =>
{
    signal.Cancel = true;
    stop.Cancel();
};

return args switch
{
    ["ingestion", .. var options] => await IngestionCommand.RunAsync(options, stop.Token),
    ["history", .. var options] => await HistoryCommand.RunAsync(options, stop.Token),
    ["identity", .. var options] => await IdentityCommand.RunAsync(options, stop.Token),
    ["identity-report", .. var options] => await IdentityReportCommand.RunAsync(options, stop.Token),
    ["resolve", .. var options] => await ResolveCommand.RunAsync(options, stop.Token),
    ["api", .. var options] => await ApiCommand.RunAsync(options, stop.Token),
    ["storage", .. var options] => await StorageCommand.RunAsync(options, stop.Token),
    ["vendors", .. var options] => await VendorCommand.RunAsync(options, stop.Token),
    ["bare", .. var options] => await BareServer.RunAsync(options, stop.Token),
    _ => Usage.Print(),
};
