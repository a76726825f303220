using Kasparro.Data;
using Kasparro.Data.Catalogue;
using Kasparro.Data.Runs;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Kasparro.Tests.Builders;

/// <summary>Writes rows as the worker would commit them: with correct counts and a new version.</summary>
internal static class CatalogueSeed
{
    public static readonly DateTimeOffset Moment = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    public static Asset Asset(int number, string symbol, double? marketCap, double? price = 1.5, string? name = null,
        DateTimeOffset? updatedAt = null) => new()
        {
            AssetId = Id(number),
            Symbol = symbol,
            SymbolKey = symbol.ToUpperInvariant(),
            Name = name ?? $"Name of {symbol}",
            Source = SourceNames.CoinPaprika,
            IsActive = true,
            PriceUsd = price,
            MarketCapUsd = marketCap,
            UpdatedAt = updatedAt ?? Moment,
        };

    public static Listing Listing(int number, string source, string symbol, double? marketCap, int asset,
        DateTimeOffset? quotedAt = null) => new()
        {
            ListingId = Id(number),
            Source = source,
            ExternalId = $"{symbol}-{number}",
            AssetId = Id(asset),
            Symbol = symbol,
            SymbolKey = symbol.ToUpperInvariant(),
            Name = $"{source} {symbol}",
            IsActive = true,
            PriceUsd = 2.5,
            MarketCapUsd = marketCap,
            QuotedAt = quotedAt,
            CreatedAt = Moment,
            UpdatedAt = Moment.AddHours(1),
        };

    /// <summary>Makes a listing without a price, whose id is derived from its source and external id, by which it can be found.</summary>
    public static Listing Listing(string source, string externalId, Guid asset) => new()
    {
        ListingId = StableId.ForListing(source, externalId),
        Source = source,
        ExternalId = externalId,
        AssetId = asset,
        Symbol = "X",
        SymbolKey = "X",
        Name = externalId,
        IsActive = true,
        CreatedAt = Moment,
        UpdatedAt = Moment,
    };

    public static IngestionRun Run(string source, string status, DateTimeOffset startedAt, TimeSpan? duration, long read,
        string upstreams = "simulated", string trigger = "schedule", long token = 0) => new()
        {
            RunId = Guid.CreateVersion7(startedAt),
            IngestionId = Guid.CreateVersion7(startedAt),
            Source = source,
            Trigger = trigger,
            Upstreams = upstreams,
            Status = status,
            StartedAt = startedAt,
            FinishedAt = startedAt + duration,
            RecordsRead = read,
            FencingToken = token,
        };

    /// <summary>Commits the entities in one transaction and returns the new version.</summary>
    public static async Task<long> CommitAsync(string connectionString, IEnumerable<object> entities, CancellationToken cancellationToken)
    {
        await using var catalogue = Open(connectionString);
        await using var transaction = await catalogue.Database.BeginTransactionAsync(cancellationToken);
        var changed = entities.ToList();
        catalogue.AddRange(changed);
        await catalogue.SaveChangesAsync(cancellationToken);
        var version = await MoveAsync(catalogue, [.. changed.OfType<Asset>().Select(asset => asset.AssetId)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return version;
    }

    /// <summary>Gives every asset a price in one transaction and returns the new version.</summary>
    public static async Task<long> RepriceAsync(string connectionString, double price, CancellationToken cancellationToken)
    {
        await using var catalogue = Open(connectionString);
        await using var transaction = await catalogue.Database.BeginTransactionAsync(cancellationToken);
        await catalogue.Assets.ExecuteUpdateAsync(update => update.SetProperty(asset => asset.PriceUsd, price), cancellationToken);
        var version = await MoveAsync(catalogue, await catalogue.Assets.Select(asset => asset.AssetId).ToArrayAsync(cancellationToken),
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return version;
    }

    /// <summary>Runs statements of the test's own on a new connection.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(sql, cancellationToken);
    }

    public static CatalogueContext Open(string connectionString) => new(
        new DbContextOptionsBuilder<CatalogueContext>().UseNpgsql(connectionString).UseSnakeCaseNamingConvention().Options);

    private static async Task<long> MoveAsync(CatalogueContext catalogue, Guid[] assetIds, CancellationToken cancellationToken)
    {
        await catalogue.Database.ExecuteSqlAsync(
            $"""
            UPDATE catalogue_counts SET count = CASE scope
                WHEN 'assets' THEN (SELECT count(*) FROM assets WHERE is_active)
                ELSE (SELECT count(*) FROM listings WHERE source = scope) END;
            SELECT refresh_asset_search();
            WITH moved AS (UPDATE catalogue_state SET version = version + 1, changed_at = clock_timestamp() RETURNING version, changed_at)
            INSERT INTO catalogue_changes (version, changed_at, count, asset_ids)
            SELECT version, changed_at, cardinality({assetIds}), {assetIds} FROM moved;
            """,
            cancellationToken);
        return await catalogue.CatalogueState.AsNoTracking().Select(state => state.Version).SingleAsync(cancellationToken);
    }
}
