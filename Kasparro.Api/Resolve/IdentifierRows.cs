using System.Globalization;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Api.Resolve;

/// <summary>
/// The rows of the catalogue for some ids. Keys are sent as plain arrays, and the rows are assigned to ids by their keys: PostgreSQL then
/// knows how many rows to expect, and reads each index in order (measured with 10,000 ids: about a third of the time of joins with unnest).
/// </summary>
internal sealed class IdentifierRows
{
    private const string AssetsSql = """
        SELECT a.asset_id, NULL::timestamptz, a.asset_id, a.symbol, a.name, a.is_active, a.market_cap_usd
        FROM assets a WHERE a.asset_id = ANY($1)
        UNION ALL
        SELECT r.asset_id, r.merged_at, a.asset_id, a.symbol, a.name, a.is_active, a.market_cap_usd
        FROM asset_redirects r JOIN assets a ON a.asset_id = r.merged_into WHERE r.asset_id = ANY($1)
        """;

    // By the address alone, which hardly ever exists on another platform; with the names of all platforms it would be looked up once for
    // each name.
    private const string ContractsSql =
        "SELECT p.address, p.platform, p.listing_id, p.source, p.platform FROM asset_platforms p WHERE p.address = ANY($1)";

    private const string ChainContractsSql = """
        SELECT p.address, u.chain_id::text, p.listing_id, p.source, p.platform
        FROM upstream_platforms u JOIN asset_platforms p ON p.platform = u.platform
        WHERE p.address = ANY($1) AND u.chain_id = ANY($2)
        """;

    private const string CrosswalkSql = """
        SELECT x.value, x.vocabulary, x.listing_id, x.file_name || ', line ' || x.line, NULL
        FROM external_ids x WHERE x.value = ANY($1) AND x.vocabulary = ANY($2)
        """;

    private const string ListingsSql = """
        SELECT l.listing_id, l.source, l.external_id, l.is_active, a.asset_id, a.symbol, a.name, a.is_active, a.market_cap_usd
        FROM listings l JOIN assets a ON a.asset_id = l.asset_id WHERE l.listing_id = ANY($1)
        """;

    private readonly Dictionary<Guid, IdentifierRow> _assets = [];
    private readonly Dictionary<Key, List<Mention>> _mentions = [];
    private readonly Dictionary<Guid, IdentifierRow> _listings = [];

    private IdentifierRows()
    {
    }

    /// <summary>Reads the rows: first assets and the mentions of listings, then the listings.</summary>
    public static async Task<IdentifierRows> ReadAsync(
        NpgsqlDataSource catalogue, IReadOnlyList<AssetIdentifier> ids, CancellationToken cancellationToken)
    {
        await using var connection = await catalogue.OpenConnectionAsync(cancellationToken);
        var rows = new IdentifierRows();
        await rows.ReadAssetsAndMentionsAsync(connection, ids, cancellationToken);
        await rows.ReadListingsAsync(connection, ids, cancellationToken);
        return rows;
    }

    /// <summary>Finds the rows that an id leads to, in no particular order; empty if it does not name anything.</summary>
    public List<IdentifierRow> Find(AssetIdentifier id)
    {
        // The id of an asset, or of a merged one, is also the id of a listing, which would add nothing.
        if (id.Kind is IdentifierKind.Asset && _assets.TryGetValue(id.AssetId, out var asset))
        {
            return [asset];
        }

        var rows = new List<IdentifierRow>(1);
        foreach (var listingId in id.ListingIds)
        {
            if (_listings.TryGetValue(listingId, out var listing))
            {
                rows.Add(listing);
            }
        }

        foreach (var key in GetKeys(id))
        {
            foreach (var mention in _mentions.GetValueOrDefault(key) ?? [])
            {
                if (IsIn(id, key, mention.Scope) && _listings.TryGetValue(mention.ListingId, out var listing))
                {
                    rows.Add(listing with
                    {
                        Kind = key.Table is Table.ExternalIds ? RowKind.Crosswalk : RowKind.Contract,
                        Name = mention.Platform is { } platform ? $"{platform}:{key.Value}" : $"{listing.Source}:{listing.Name}",
                        Source = mention.Source,
                    });
                }
            }
        }

        return rows;
    }

    private static IEnumerable<Key> GetKeys(AssetIdentifier id)
    {
        // Contracts are grouped by address: the same one on each platform, then, on a few, another form of it.
        string? last = null;
        foreach (var contract in id.Contracts)
        {
            if (contract.Address != last)
            {
                yield return new(Table.Platforms, last = contract.Address);
            }
        }

        if (id is { ChainId: not null, Address: { } address })
        {
            yield return new(Table.Chains, address);
        }

        if (id is { Vocabulary: not null, ExternalId: { } value })
        {
            yield return new(Table.ExternalIds, value);
        }
    }

    /// <summary>Whether an id names the key in the scope of a platform, chain or vocabulary.</summary>
    private static bool IsIn(AssetIdentifier id, Key key, string scope) => key.Table switch
    {
        Table.Platforms => id.Contracts.Contains(new(scope, key.Value)),
        Table.Chains => id.ChainId?.ToString(CultureInfo.InvariantCulture) == scope,
        _ => id.Vocabulary == scope,
    };

    private async Task ReadAssetsAndMentionsAsync(
        NpgsqlConnection connection, IReadOnlyList<AssetIdentifier> ids, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        var reads = new List<Action<NpgsqlDataReader>>();
        var assetIds = ids.Where(id => id.Kind is IdentifierKind.Asset).Select(id => id.AssetId).ToArray();
        if (assetIds.Length > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(AssetsSql).With([assetIds]));
            reads.Add(AddAsset);
        }

        foreach (var table in ids.SelectMany(GetKeys).Distinct().ToLookup(key => key.Table, key => key.Value))
        {
            var keys = table.ToArray();
            batch.BatchCommands.Add(table.Key switch
            {
                Table.Platforms => new NpgsqlBatchCommand(ContractsSql).With([keys]),
                Table.Chains => new NpgsqlBatchCommand(ChainContractsSql)
                    .With([keys, ids.Select(id => id.ChainId).OfType<long>().Distinct().ToArray()]),
                _ => new NpgsqlBatchCommand(CrosswalkSql)
                    .With([keys, ids.Select(id => id.Vocabulary).OfType<string>().Distinct(StringComparer.Ordinal).ToArray()]),
            });
            reads.Add(row => AddMention(table.Key, row));
        }

        if (reads.Count == 0)
        {
            return;
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var read in reads)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                read(reader);
            }

            await reader.NextResultAsync(cancellationToken);
        }
    }

    private async Task ReadListingsAsync(
        NpgsqlConnection connection, IReadOnlyList<AssetIdentifier> ids, CancellationToken cancellationToken)
    {
        var listingIds = ids.Where(id => !_assets.ContainsKey(id.AssetId)).SelectMany(id => id.ListingIds)
            .Concat(_mentions.Values.SelectMany(mentions => mentions).Select(mention => mention.ListingId))
            .ToArray();
        if (listingIds.Length == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(ListingsSql, connection) { Parameters = { new() { Value = listingIds } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            _listings.Add(
                reader.GetGuid(0),
                new(RowKind.Listing, reader.GetString(2), reader.GetString(1), reader.GetBoolean(3), MergedAt: null, Asset(reader, 4)));
        }
    }

    private void AddAsset(NpgsqlDataReader row)
    {
        var mergedAt = row.GetFieldValue<DateTime?>(1);
        _assets.TryAdd(
            row.GetGuid(0),
            new(mergedAt is null ? RowKind.Asset : RowKind.Merge, Name: null, Source: null, IsListed: true, mergedAt, Asset(row, 2)));
    }

    // This includes contracts with the same address on other platforms: there are few, and no id leads to them.
    private void AddMention(Table table, NpgsqlDataReader row)
    {
        var key = new Key(table, row.GetString(0));
        if (!_mentions.TryGetValue(key, out var mentions))
        {
            _mentions.Add(key, mentions = new(1));
        }

        mentions.Add(new(row.GetGuid(2), row.GetString(1), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4)));
    }

    private static NamedAsset Asset(NpgsqlDataReader row, int column) => new(
        row.GetGuid(column), row.GetString(column + 1), row.GetString(column + 2), row.GetBoolean(column + 3),
        row.GetFieldValue<double?>(column + 4));

    private enum Table
    {
        Platforms,
        Chains,
        ExternalIds,
    }

    /// <param name="Table">The table in which the value is looked up.</param>
    /// <param name="Value">The address, or the id in a vocabulary.</param>
    private readonly record struct Key(Table Table, string Value);

    /// <param name="ListingId">The id of the listing, which may not exist.</param>
    /// <param name="Scope">The platform, chain or vocabulary that the key belongs to.</param>
    /// <param name="Source">The source of the mention.</param>
    /// <param name="Platform">The platform of a contract.</param>
    private readonly record struct Mention(Guid ListingId, string Scope, string Source, string? Platform);
}

/// <summary>The ways from an id to an asset, in the order of the evidence.</summary>
internal enum RowKind
{
    /// <summary>The id is that of the asset.</summary>
    Asset,

    /// <summary>The id names the asset's contract.</summary>
    Contract,

    /// <summary>A crosswalk file has the id.</summary>
    Crosswalk,

    /// <summary>The id is that of a listing.</summary>
    Listing,

    /// <summary>The id was that of an asset that has been merged into this one.</summary>
    Merge,
}

/// <summary>A row that leads from an id to an asset.</summary>
/// <param name="Kind">The way from the id to the asset.</param>
/// <param name="Name">The name of the listing or contract; null for assets.</param>
/// <param name="Source">The source that names it; null for assets.</param>
/// <param name="IsListed">Whether the source still lists it as active.</param>
/// <param name="MergedAt">The time of the merge, for merged assets.</param>
/// <param name="Asset">The asset.</param>
internal sealed record IdentifierRow(RowKind Kind, string? Name, string? Source, bool IsListed, DateTime? MergedAt, NamedAsset Asset)
{
    /// <summary>Describes the row as evidence.</summary>
    /// <param name="id">The id that led to the row.</param>
    public string Describe(AssetIdentifier id) => Kind switch
    {
        RowKind.Asset => "the asset's id",
        RowKind.Merge => $"merged into this asset at {MergedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}",
        RowKind.Crosswalk => $"{id.Vocabulary} id of listing {Name} in {Source}{Delisted}",
        RowKind.Contract => $"contract {Name}, named by {Source}{Delisted}",
        _ when id.Kind is IdentifierKind.NativeCoin => $"native coin of the chain: listing {Source}:{Name}{Delisted}",
        _ => $"listing {Source}:{Name}{Delisted}",
    };

    private string Delisted => IsListed ? "" : ", which is no longer active there";
}

/// <summary>The part of an asset that results show. Candidates are ordered by market capitalisation, the largest first.</summary>
internal sealed record NamedAsset(Guid AssetId, string Symbol, string Name, bool IsActive, double? MarketCapUsd);
