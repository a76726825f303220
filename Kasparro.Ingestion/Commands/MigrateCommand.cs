using Kasparro.Data;
using Kasparro.Data.Schema;
using Kasparro.Ingestion.Runs;
using Kasparro.ServiceDefaults;
using Npgsql;

namespace Kasparro.Ingestion.Commands;

/// <summary>Applies the schema's migrations and ends; a failure is the process's failure, which the graph waits for.</summary>
internal static class MigrateCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddServiceDefaults();
        builder.AddPostgres<CatalogueContext>(ResourceNames.Catalogue, CatalogueContext.Configure);

        // EF Core finds out by trying that its history table is not there yet, and logs that as an error; true ones come as exceptions.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.Critical);
        using var host = builder.Build();
        host.CheckSettings();
        await host.StartAsync();
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await using var scope = host.Services.CreateAsyncScope();
            await SchemaMigrator.MigrateAsync(scope.ServiceProvider.GetRequiredService<CatalogueContext>(), stopping);
            return ExitCodes.Completed;
        }
        catch (UnsupportedSchemaException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return ExitCodes.Failed;
        }
        catch (Exception e) when (stopping.IsCancellationRequested && e is OperationCanceledException or NpgsqlException)
        {
            Console.Error.WriteLine("stopped between two migrations, or rolled one back; the next start goes on from there.");
            return ExitCodes.Cancelled;
        }
        finally
        {
            await host.StopAsync();
        }
    }
}
