using Kasparro.Data;
using Kasparro.Data.Schema;
using Kasparro.Ingestion.Runs;
using Kasparro.ServiceDefaults;
using Npgsql;

namespace Kasparro.Ingestion.Commands;

/// <summary>Applies the schema's migrations and ends; if one fails, so does the process, for which the other resources wait.</summary>
internal static partial class MigrateCommand
{
    /// <summary>The password of the API's role. Without it, the role cannot log in, and the API connects as the schema's owner.</summary>
    private const string ApiPassword = "Database:ApiPassword";

    public static async Task<int> RunAsync(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddServiceDefaults();
        builder.Services.AddSettingNames("Database", "ApiPassword");
        builder.AddPostgres<CatalogueContext>(ResourceNames.Catalogue, CatalogueContext.Configure);

        // EF Core probes for its history table and logs its absence as an error; real errors are thrown as exceptions.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.Critical);
        using var host = builder.Build();
        host.CheckSettings();
        await host.StartAsync();
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await using var scope = host.Services.CreateAsyncScope();
            var catalogue = scope.ServiceProvider.GetRequiredService<CatalogueContext>();
            var logger = scope.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(MigrateCommand));
            await SchemaMigrator.MigrateAsync(catalogue, stopping);
            if (await SchemaMigrator.FindCollationChangeAsync(catalogue, stopping) is { } change)
            {
                Log.CollationChanged(logger, change);
            }

            var password = builder.Configuration[ApiPassword] is { Length: > 0 } given ? given : null;
            if (!await ApiRole.ApplyAsync(catalogue, password, stopping))
            {
                Log.CannotChangeRole(logger, ApiRole.Name);
                return password is null ? ExitCodes.Completed : ExitCodes.Failed;
            }

            return ExitCodes.Completed;
        }
        catch (UnsupportedSchemaException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return ExitCodes.Failed;
        }
        catch (Exception e) when (stopping.IsCancellationRequested && e is OperationCanceledException or NpgsqlException)
        {
            Console.Error.WriteLine("stopped between two migrations, or rolled one back; the next start continues from there.");
            return ExitCodes.Cancelled;
        }
        finally
        {
            await host.StopAsync();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Change}")]
        public static partial void CollationChanged(ILogger logger, string change);

        [LoggerMessage(
            LogLevel.Warning, "This connection may not create or change the role {Role}: the API has to connect as the schema's owner, "
            + "or an administrator creates the role and gives it a password, and migrate runs again without one.")]
        public static partial void CannotChangeRole(ILogger logger, string role);
    }
}
