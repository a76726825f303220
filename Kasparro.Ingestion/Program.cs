using Kasparro.Ingestion.Commands;
using Kasparro.Ingestion.Runs;
using Kasparro.ServiceDefaults;
using Kasparro.ServiceDefaults.Settings;
using Npgsql;

try
{
    return await RunAsync();
}
catch (SettingsException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return ExitCodes.Configuration;
}
catch (OperationCanceledException)
{
    return ExitCodes.Cancelled;
}
catch (Exception exception) when (exception is NpgsqlException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"failed: {exception.Message}");
    return ExitCodes.Failed;
}

async Task<int> RunAsync() => args switch
{
    [HealthProbe.Argument] => await HealthProbe.RunAsync(),
    [] or ["worker", ..] => await WorkerCommand.RunAsync(args),
    ["migrate", ..] => await MigrateCommand.RunAsync(args),
    ["identity-export", ..] => await IdentityExportCommand.RunAsync(args),
    ["ingest", ..] => await IngestCommand.RunAsync(args),
    _ when args[0].StartsWith('-') => await WorkerCommand.RunAsync(args), // Settings, as in --Ingestion:Interval=00:01:00.
    _ => Usage.Print(args[0]),
};
