using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Kasparro.Data;

/// <summary>What <c>dotnet ef migrations add</c> builds the model with; it never connects.</summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<CatalogueContext>
{
    public CatalogueContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<CatalogueContext>();
        options.UseNpgsql().UseSnakeCaseNamingConvention();
        return new CatalogueContext(options.Options);
    }
}
