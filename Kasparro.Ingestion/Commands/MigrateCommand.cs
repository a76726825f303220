using Kasparro.Data;
using Microsoft.EntityFrameworkCore;

namespace Kasparro.Ingestion.Commands;

/// <summary>Applies the schema's migrations and ends; a failure is the process's failure, which the graph waits for.</summary>
internal static class MigrateCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddServiceDefaults();
        builder.AddCatalogue();
        using var host = builder.Build();
        await host.StartAsync();
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            await scope.ServiceProvider.GetRequiredService<CatalogueContext>().Database.MigrateAsync(stopping);
        }

        await host.StopAsync();
        return 0;
    }
}
