using System.Globalization;
using System.Runtime.InteropServices;
using Kasparro.Api.Postgres;
using Kasparro.Data.Catalogue;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// The statement of one page: version, total and rows by one statement, which is one snapshot without a transaction around it.
/// The names are those of Kasparro.Data's configurations.
/// </summary>
/// <param name="Text">
/// The statement. Its rows have the columns of <see cref="RowLayout"/>, then the head's: version, changed_at, total. There is one row more than the page
/// has where there are more, and one of nulls and the head where there is none at all.
/// </param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="IsFrequent">Whether it is worth preparing: questions of few shapes are asked again and again.</param>
internal sealed record DataSql(string Text, SqlParameters Parameters, bool IsFrequent)
{
    /// <summary>For those who read more than one statement says: one snapshot of all of them.</summary>
    public const string Begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    public const string Commit = "COMMIT";

    /// <summary>Filtered rows are counted up to here and no further: whoever gets so many does not read them one by one.</summary>
    public const int MaxCounted = 10_000;

    /// <summary>Up to here skipping rows is cheaper than joining them to their keys (measured: 0.13 against 0.27 ms at 0, 31 against 12 ms at 200,000).</summary>
    public const long DeepOffset = 2_000;

    /// <summary>The same for a text that many rows have: each of them is looked up.</summary>
    public const int MaxCommonCounted = 1_000;

    /// <summary>How many filtered rows this statement counts at the most.</summary>
    public int Counted { get; private init; } = MaxCounted;

    /// <summary>The statement that answers <paramref name="query"/>.</summary>
    /// <param name="query">The question.</param>
    /// <param name="layout">What is read of a row.</param>
    /// <param name="anchor">A row not far before the page, in the same snapshot; null where none is known.</param>
    /// <param name="search">How to look for a text; null where none is looked for, or not by the index.</param>
    public static DataSql For(DataQuery query, RowLayout layout, PageAnchor? anchor, SearchPlan? search)
    {
        var isFrequent = IsOfFewShapes(query);
        var isSkipping = query.IsPlain && anchor is null && query.Offset > DeepOffset;
        var parameters = new SqlParameters(isPlannedOnce: isFrequent && !isSkipping && (search is null or { IsCommon: false, IsIndexed: true }));
        var alias = FilterSql.Alias(query);
        var where = FilterSql.Where(query, parameters, isSearching: search is null);
        var (found, rows) = search is null or { IsCommon: true }
            ? ("", new RowSource(FilterSql.From(query), where))
            : ($"WITH found AS MATERIALIZED (SELECT {alias}.* {Searched(query, search, where, parameters)}) ", new RowSource($"found AS {alias}", "true"));
        var head = !query.IsFiltered ? Maintained(query, parameters)
            : search is null ? Head(string.Create(CultureInfo.InvariantCulture, $"FROM {rows.From} WHERE {where} LIMIT {MaxCounted + 1}"))
            : !search.IsCommon ? Head("FROM found")
            : Head(string.Create(
                CultureInfo.InvariantCulture,
                $"{Searched(query, search, where, parameters)} LIMIT {MaxCommonCounted + 1}"));

        // The head is one row, so that joining it leaves the rows in their order.
        var page = Rows(query, layout, anchor, isSkipping, rows, parameters);
        return new($"{found}SELECT r.*, h.* FROM ({head}) AS h LEFT JOIN ({page}) AS r ON true", parameters, isFrequent)
        {
            Counted = search is { IsCommon: true } ? MaxCommonCounted : MaxCounted,
        };
    }

    // One bound, or one search, in the usual order. The others are too many kinds of statements for a connection to keep.
    public static bool IsOfFewShapes(DataQuery query) => query.Filters is not { } asked
        || (!asked.IsSorted
            && asked.Fields == DataFields.Default
            && (!asked.IsFiltered
                || (query.Symbol.Length == 0 && (asked with { Cursor = null } is var rows)
                    && (rows == DataFilters.None with { Search = asked.Search } || rows == DataFilters.None with { Name = asked.Name }))));

    private static string Maintained(DataQuery query, SqlParameters parameters) => $"""
        SELECT s.version, s.changed_at, n.count
        FROM catalogue_state AS s, catalogue_counts AS n
        WHERE s.id = 1 AND n.scope = {parameters.Add(query.Source ?? CatalogueCount.AssetsScope)}
        """;

    private static string Head(string counted) =>
        $"SELECT s.version, s.changed_at, (SELECT count(*) FROM (SELECT {counted}) AS k) FROM catalogue_state AS s WHERE s.id = 1";

    // The concatenation keeps the index from being asked for the whole pattern too.
    private static string Searched(DataQuery query, SearchPlan search, string where, SqlParameters parameters) => !search.IsIndexed
        ? $"FROM {FilterSql.From(query)} WHERE {where}"
        : $"""
            FROM asset_search AS s JOIN assets AS a ON a.asset_id = s.asset_id
            WHERE s.search_text LIKE {parameters.AddUpper(search.IndexPattern)} AND s.search_text || '' LIKE {parameters.AddUpper(search.Pattern)} AND {where}
            """;

    private static string Rows(DataQuery query, RowLayout layout, PageAnchor? anchor, bool isSkipping, RowSource source, SqlParameters parameters)
    {
        var limit = parameters.Add(query.PageSize + 1);
        if (query.Filters?.Cursor is { } cursor)
        {
            return cursor.IsBackward
                ? $"SELECT k.*, count(*) OVER () FROM ({Keyset(query, layout, cursor.Key, isBackward: true, limit, source, parameters)} LIMIT {limit}) AS k {layout.OuterOrder}"
                : $"{Keyset(query, layout, cursor.Key, isBackward: false, limit, source, parameters)} LIMIT {limit}";
        }

        if (anchor is not null)
        {
            var skipped = parameters.Add((int)(query.Offset - anchor.Offset));
            return $"{Keyset(query, layout, anchor.Key, isBackward: false, $"{limit} + {skipped}", source, parameters)} LIMIT {limit} OFFSET {skipped}";
        }

        var (from, where) = source;
        var offset = parameters.Add(query.Offset);
        if (!isSkipping)
        {
            return $"SELECT {layout.Columns} FROM {from} WHERE {where} {layout.Order} LIMIT {limit} OFFSET {offset}";
        }

        // The keys come from the index alone; only the page's rows are fetched. Past the end there is nothing to skip to: PostgreSQL then does not
        // start to. (As a LIMIT it would hide from the planner how few rows there are.)
        var scope = parameters.Add(query.Source ?? CatalogueCount.AssetsScope);
        return $"""
            SELECT {layout.Columns}
            FROM (SELECT {layout.Id} AS id FROM {from}
                  WHERE {where} AND {offset} < (SELECT n.count FROM catalogue_counts AS n WHERE n.scope = {scope})
                  {layout.Order} LIMIT {limit} OFFSET {offset}) AS k
            JOIN {from} ON {layout.Id} = k.id
            {layout.Order}
            """;
    }

    /// <summary>
    /// The rows next to a key, each part straight from an index: those with its value, those beyond it, and those without one, which come last.
    /// (With OR instead of UNION ALL PostgreSQL would read the table from its beginning.)
    /// </summary>
    private static string Keyset(
        DataQuery query, RowLayout layout, RowKey key, bool isBackward, string limit, RowSource source, SqlParameters parameters)
    {
        var (from, where) = source;
        var order = isBackward ? layout.ReverseOrder : layout.Order;
        var value = layout.SortSql;
        var ids = query.Source is null ? "(a.asset_id)" : "(l.asset_id, l.listing_id)";
        var keyIds = query.Source is null
            ? $"({parameters.Add(key.AssetId)})"
            : $"({parameters.Add(key.AssetId)}, {parameters.Add(key.ListingId)})";
        var beyond = isBackward ? "<" : ">";

        if (key.Value is null)
        {
            var tied = Part($"{value} IS NULL AND {ids} {beyond} {keyIds}");
            return isBackward ? Union(tied, Part($"{value} IS NOT NULL")) : Union(tied);
        }

        var keyValue = parameters.AddValue(key.Value);
        var further = layout.IsDescending != isBackward ? "<" : ">";
        var equal = Part($"{value} = {keyValue} AND {ids} {beyond} {keyIds}");
        var rest = Part($"{value} {further} {keyValue}");
        return isBackward ? Union(equal, rest) : Union(equal, rest, Part($"{value} IS NULL"));

        string Part(string condition) => $"(SELECT {layout.Columns} FROM {from} WHERE {where} AND {condition} {order} LIMIT {limit})";

        string Union(params ReadOnlySpan<string> parts) =>
            $"SELECT * FROM ({string.Join(" UNION ALL ", parts)}) AS u {(isBackward ? layout.OuterReverseOrder : layout.OuterOrder)}";
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct RowSource(string From, string Where);
}
