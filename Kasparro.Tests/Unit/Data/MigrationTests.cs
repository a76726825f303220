using Kasparro.Data;
using Kasparro.Data.Schema;
using Microsoft.EntityFrameworkCore;

namespace Kasparro.Tests.Unit.Data;

public sealed class MigrationTests
{
    [Fact]
    public void Migrations_lead_to_the_model_of_the_code()
    {
        using var context = Create();

        Assert.False(context.Database.HasPendingModelChanges(), "The model has changed since: see CONTRIBUTING.md, \"The schema\".");
    }

    [Fact]
    public void Newest_migration_is_the_last_that_EF_Core_would_apply()
    {
        using var context = Create();

        Assert.Equal(context.Database.GetMigrations().Last(), SchemaMigrator.NewestMigration);
    }

    // Neither test connects.
    private static CatalogueContext Create()
    {
        var options = new DbContextOptionsBuilder<CatalogueContext>().UseNpgsql("Host=nowhere");
        CatalogueContext.Configure(options);
        return new CatalogueContext(options.Options);
    }
}
