using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Kasparro.Data;

/// <summary>Creates the context from which <c>dotnet ef migrations add</c> builds the model; it never connects.</summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<CatalogueContext>
{
    public CatalogueContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<CatalogueContext>();
        options.UseNpgsql().UseSnakeCaseNamingConvention();
        return new CatalogueContext(options.Options);
    }
}
