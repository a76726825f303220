using Kasparro.Ingestion;
using Kasparro.Ingestion.Commands;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Runs;
using Kasparro.ServiceDefaults;
using Kasparro.ServiceDefaults.Redis;
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
catch (Exception exception) when (exception is NpgsqlException or RunLockUnavailableException or StaleFencingTokenException
    or IOException or UnauthorizedAccessException || exception.IsRedisFailure())
{
    await Console.Error.WriteLineAsync($"failed: {exception.Explain()}");
    return ExitCodes.Failed;
}

async Task<int> RunAsync() => args switch
{
    [HealthProbe.Argument] => await HealthProbe.RunAsync(),
    ["help"] or [.., "--help" or "-h"] => Usage.Print(),
    ["migrate", .. var settings] => CommandLine.FindUnknown(settings) is { } wrong
        ? Usage.Print(wrong)
        : await MigrateCommand.RunAsync(args),
    ["identity-export", ..] => await IdentityExportCommand.RunAsync(args),
    ["ingest", ..] => await IngestCommand.RunAsync(args),
    _ => CommandLine.FindUnknown(args is ["worker", .. var settings] ? settings : args, "--urls", "--environment") is { } wrong
        ? Usage.Print(wrong)
        : await WorkerCommand.RunAsync(args),
};
