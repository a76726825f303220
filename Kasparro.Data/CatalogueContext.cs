using Kasparro.Data.Catalogue;
using Kasparro.Data.Runs;
using Microsoft.EntityFrameworkCore;

namespace Kasparro.Data;

/// <summary>The schema, with one <see cref="IEntityTypeConfiguration{TEntity}"/> per entity and snake_case names.</summary>
public sealed class CatalogueContext(DbContextOptions<CatalogueContext> options) : DbContext(options)
{
    /// <summary>Canonical assets.</summary>
    public DbSet<Asset> Assets => Set<Asset>();

    /// <summary>Ids of merged assets, and the assets that they lead to.</summary>
    public DbSet<AssetRedirect> AssetRedirects => Set<AssetRedirect>();

    /// <summary>The current listings of each source.</summary>
    public DbSet<Listing> Listings => Set<Listing>();

    /// <summary>Contracts that the sources name, which are evidence for entity resolution.</summary>
    public DbSet<AssetPlatform> AssetPlatforms => Set<AssetPlatform>();

    /// <summary>The listings' logos.</summary>
    public DbSet<Logo> Logos => Set<Logo>();

    /// <summary>Platforms as sources describe them.</summary>
    public DbSet<UpstreamPlatform> UpstreamPlatforms => Set<UpstreamPlatform>();

    /// <summary>Operators' files, as last read.</summary>
    public DbSet<ReferenceFile> ReferenceFiles => Set<ReferenceFile>();

    /// <summary>Rows of operators' files that could not be loaded.</summary>
    public DbSet<ReferenceFileError> ReferenceFileErrors => Set<ReferenceFileError>();

    /// <summary>Ids in the vocabularies of operators' files.</summary>
    public DbSet<ExternalId> ExternalIds => Set<ExternalId>();

    /// <summary>Decimals of tokens, from operators' files.</summary>
    public DbSet<TokenDecimals> TokenDecimals => Set<TokenDecimals>();

    /// <summary>Token lists as they are served.</summary>
    public DbSet<TokenList> TokenLists => Set<TokenList>();

    /// <summary>Why listings are, or are not, one asset.</summary>
    public DbSet<IdentityDecision> IdentityDecisions => Set<IdentityDecision>();

    /// <summary>The overrides that the catalogue has been resolved with.</summary>
    public DbSet<IdentityOverride> IdentityOverrides => Set<IdentityOverride>();

    /// <summary>Operators' statements about pairs of listings, in order.</summary>
    public DbSet<IdentityOverrideChange> IdentityOverrideChanges => Set<IdentityOverrideChange>();

    /// <summary>Comparisons of the prices of pairs of listings.</summary>
    public DbSet<PriceComparison> PriceComparisons => Set<PriceComparison>();

    /// <summary>Price history.</summary>
    public DbSet<Quote> Quotes => Set<Quote>();

    /// <summary>The price of one bitcoin in each currency.</summary>
    public DbSet<ExchangeRate> ExchangeRates => Set<ExchangeRate>();

    /// <summary>The verbatim records of the sources.</summary>
    public DbSet<RawPage> RawPages => Set<RawPage>();

    /// <summary>The catalogue's version.</summary>
    public DbSet<CatalogueState> CatalogueState => Set<CatalogueState>();

    /// <summary>The changes of each version.</summary>
    public DbSet<CatalogueChange> CatalogueChanges => Set<CatalogueChange>();

    /// <summary>Maintained row counts.</summary>
    public DbSet<CatalogueCount> CatalogueCounts => Set<CatalogueCount>();

    /// <summary>Ingestion runs.</summary>
    public DbSet<IngestionRun> IngestionRuns => Set<IngestionRun>();

    /// <summary>Operators' requests for ingestions.</summary>
    public DbSet<IngestionOrder> IngestionOrders => Set<IngestionOrder>();

    /// <summary>Backfills, which read past prices.</summary>
    public DbSet<Backfill> Backfills => Set<Backfill>();

    /// <summary>The windows of backfills, each read by one call to an upstream.</summary>
    public DbSet<BackfillWindow> BackfillWindows => Set<BackfillWindow>();

    /// <summary>The progress of each stream.</summary>
    public DbSet<Checkpoint> Checkpoints => Set<Checkpoint>();

    /// <summary>The fencing token.</summary>
    public DbSet<IngestionLease> IngestionLease => Set<IngestionLease>();

    /// <summary>Records that could not be loaded.</summary>
    public DbSet<RejectedRecord> RejectedRecords => Set<RejectedRecord>();

    /// <summary>Differences between records and what their streams are known to send.</summary>
    public DbSet<SchemaDrift> SchemaDrifts => Set<SchemaDrift>();

    /// <summary>The number of calls that each upstream was sent, by month.</summary>
    public DbSet<UpstreamQuota> UpstreamQuotas => Set<UpstreamQuota>();

    /// <summary>Configures what every context of this schema needs in addition to its connection: snake_case names.</summary>
    public static void Configure(DbContextOptionsBuilder options) => options.UseSnakeCaseNamingConvention();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(CatalogueContext).Assembly);
}
