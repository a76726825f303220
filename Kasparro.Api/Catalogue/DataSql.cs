using System.Globalization;
using Kasparro.Api.Postgres;
using Kasparro.Data.Catalogue;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// The statement of a page: it reads version, total and rows at once, and so from one snapshot without a transaction. The names are those
/// of Kasparro.Data's configurations.
/// </summary>
/// <param name="Text">
/// The SQL. Its rows have the columns of <see cref="RowLayout"/>, followed by those of the head: version, changed_at, total. If there are
/// more rows than fit on the page, it returns one extra; if there are none, one row with the head and otherwise nulls.
/// </param>
/// <param name="Parameters">The statement's parameters.</param>
/// <param name="IsFrequent">Whether the statement is worth preparing: the common queries have few shapes.</param>
internal sealed record DataSql(string Text, SqlParameters Parameters, bool IsFrequent)
{
    /// <summary>The maximum number of filtered rows that are counted: nobody reads that many one by one.</summary>
    public const int MaxCounted = 10_000;

    /// <summary>The maximum number of rows of a search that are counted, since each is looked up individually.</summary>
    public const int MaxFound = 1_000;

    /// <summary>Returns the maximum number of rows of <paramref name="query"/> that are counted.</summary>
    public static int Counted(
        DataQuery query) => query.Filters is { } asked && (asked.Search.Length > 0 || asked.Name.Length > 0) ? MaxFound : MaxCounted;

    /// <summary>Creates the statement for <paramref name="query"/>.</summary>
    /// <param name="query">The request.</param>
    /// <param name="layout">The columns and order of the rows.</param>
    public static DataSql For(DataQuery query, RowLayout layout)
    {
        var isFrequent = IsOfFewShapes(query);
        var parameters = new SqlParameters(isPlannedOnce: isFrequent);
        var where = FilterSql.Where(query, parameters);
        var head = query.IsFiltered
            ? $"SELECT s.version, s.changed_at, ({Count(query, where)}) FROM catalogue_state AS s WHERE s.id = 1"
            : Maintained(query, parameters);

        // The head is a single row, so joining it keeps the rows in their order.
        return new($"SELECT r.*, h.* FROM ({head}) AS h LEFT JOIN ({Rows(query, layout, where, parameters)}) AS r ON true", parameters,
            isFrequent);
    }

    // Queries in the default order whose only filters are source and symbol. The plan of a search depends on its text, and other orders and
    // filters make too many different statements for a connection to keep.
    private static bool IsOfFewShapes(DataQuery query) =>
        query.Filters is not { } asked || (!asked.IsSorted && !asked.IsFiltered && asked.Fields == DataFieldSet.Default);

    private static string Maintained(DataQuery query, SqlParameters parameters) => $"""
        SELECT s.version, s.changed_at, n.count
        FROM catalogue_state AS s, catalogue_counts AS n
        WHERE s.id = 1 AND n.scope = {parameters.Add(query.Source ?? CatalogueCount.AssetsScope)}
        """;

    private static string Count(DataQuery query, string where) => string.Create(
        CultureInfo.InvariantCulture,
            $"SELECT count(*) FROM (SELECT FROM {FilterSql.From(query)} WHERE {where} LIMIT {Counted(query) + 1}) AS k");

    private static string Rows(DataQuery query, RowLayout layout, string where, SqlParameters parameters)
    {
        var limit = parameters.Add(query.PageSize + 1);
        if (query.Filters?.Cursor is not { } cursor)
        {
            return $"SELECT {layout.Columns} FROM {FilterSql.From(query)} WHERE {where} {layout.Order} LIMIT {limit} OFFSET " +
                $"{parameters.Add(query.Offset)}";
        }

        var rows = Keyset(query, layout, cursor, limit, where, parameters);
        return cursor.IsBackward
            ? $"SELECT k.*, count(*) OVER () FROM ({rows} LIMIT {limit}) AS k {layout.OuterOrder}"
            : $"{rows} LIMIT {limit}";
    }

    /// <summary>
    /// Selects the rows next to a key, each part directly from an index: rows with the same value, rows beyond it, and rows without a
    /// value, which come last. (With OR instead of UNION ALL, PostgreSQL would read the table from its beginning.)
    /// </summary>
    private static string Keyset(
        DataQuery query, RowLayout layout, DataCursor cursor, string limit, string where, SqlParameters parameters)
    {
        var (key, isBackward, from) = (cursor.Key, cursor.IsBackward, FilterSql.From(query));
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
}
