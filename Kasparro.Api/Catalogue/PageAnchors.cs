using System.Collections.Concurrent;
using Kasparro.Api.Postgres;
using Kasparro.Data.Catalogue;
using Npgsql;

namespace Kasparro.Api.Catalogue;

/// <summary>A row of the catalogue's order, and how many rows come up to it.</summary>
/// <param name="Offset">Rows up to and with this one.</param>
/// <param name="Key">The row.</param>
internal sealed record PageAnchor(long Offset, RowKey Key);

/// <summary>
/// Every hundredth row of one catalogue version's orders (all assets; each source's listings), so that a page begins at the row next to it
/// instead of counting from the first. Read in the background when a page beyond the first ones is asked for; a new version forgets them.
/// </summary>
internal sealed class PageAnchors(NpgsqlDataSource catalogue, CatalogueDeadline deadline)
{
    private const int Step = 100;

    // Skipping fewer rows costs less than beginning at a row among them.
    private const long LeastOffset = 2 * Step;

    // Farther than was asked for, and never a little: pages are seldom asked for alone. Reading so far takes 2 ms, and deep 10.
    private const int LeastReach = 4_000;
    private const int LeastDeepReach = 20_000;

    private readonly ConcurrentDictionary<string, Anchored> _scopes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task> _readings = new(StringComparer.Ordinal);

    /// <summary>The last anchor before the page that <paramref name="query"/> asks for, in the version <paramref name="stamp"/>.</summary>
    public PageAnchor? Find(DataQuery query, CatalogueStamp stamp)
    {
        if (!query.IsPlain || query.Offset < LeastOffset)
        {
            return null;
        }

        var scope = ScopeOf(query);
        if (_scopes.TryGetValue(scope, out var anchored) && anchored.Stamp == stamp && query.Offset <= anchored.Reach)
        {
            var index = (int)Math.Min(query.Offset / Step, anchored.Keys.Count) - 1;
            return index < 0 || anchored.Keys.Count == 0 ? null : new PageAnchor((index + 1L) * Step, anchored.Keys[index]);
        }

        _ = _readings.GetOrAdd(scope, static (key, self) => Task.Run(() => self.anchors.ReadAsync(key, self.query)), (anchors: this, query));
        return null;
    }

    private static string ScopeOf(DataQuery query) => query.Source ?? CatalogueCount.AssetsScope;

    private async Task ReadAsync(string scope, DataQuery query)
    {
        try
        {
            _scopes[scope] = await deadline.RunAsync(token => QueryAsync(query with { Filters = null }, token));
        }
        catch (CatalogueUnavailableException)
        {
            // Pages then count from the first row; the next of them tries again.
        }
        finally
        {
            _readings.TryRemove(scope, out _);
        }
    }

    private async Task<Anchored> QueryAsync(DataQuery query, CancellationToken cancellationToken)
    {
        var reach = Math.Min(DataQuery.MaxDepth, Math.Max(query.Offset > DataSql.DeepOffset ? LeastDeepReach : LeastReach, query.Offset * 2));
        var layout = RowLayout.Of(query);
        var ids = query.Source is null ? "a.asset_id" : "l.asset_id, l.listing_id";
        var parameters = new SqlParameters();
        var where = FilterSql.Where(query, parameters);
        var rows = parameters.For($"""
            SELECT k.* FROM (
                SELECT {layout.SortSql}, {ids}, row_number() OVER ({layout.Order}) AS n
                FROM {FilterSql.From(query)} WHERE {where} {layout.Order} LIMIT {parameters.Add(reach)}) AS k
            WHERE k.n % {Step} = 0 ORDER BY k.n
            """);

        await using var connection = await catalogue.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(DataSql.Begin), new("SELECT version, changed_at FROM catalogue_state WHERE id = 1"), rows, new(DataSql.Commit),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var stamp = new CatalogueStamp(reader.GetInt64(0), reader.GetDateTime(1).Ticks);
        await reader.NextResultAsync(cancellationToken);

        var keys = new List<RowKey>();
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add(new RowKey(
                reader.IsDBNull(0) ? null : reader.GetDouble(0), reader.GetGuid(1), query.Source is null ? Guid.Empty : reader.GetGuid(2)));
        }

        return new Anchored(stamp, reach, keys);
    }

    private sealed record Anchored(CatalogueStamp Stamp, long Reach, IReadOnlyList<RowKey> Keys);
}
