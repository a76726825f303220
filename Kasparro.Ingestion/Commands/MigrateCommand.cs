using Kasparro.Data;
using Kasparro.Ingestion.Runs;
using Kasparro.ServiceDefaults;
using Microsoft.EntityFrameworkCore;
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
            await scope.ServiceProvider.GetRequiredService<CatalogueContext>().Database.MigrateAsync(stopping);
            return ExitCodes.Completed;
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
