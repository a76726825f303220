using System.Globalization;
using Kasparro.Api.Postgres;
using Kasparro.Data.Catalogue;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// The statement of one page: version, total and rows by one statement, which is one snapshot without a transaction around it.
/// The names are those of Kasparro.Data's configurations.
/// </summary>
/// <param name="Text">
/// The statement. Its rows have the columns of <see cref="RowLayout"/>, then the head's: version, changed_at, total. There is one row more
/// than the page has where there are more, and one of nulls and the head where there is none at all.
/// </param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="IsFrequent">Whether it is worth preparing: queries of few shapes are repeated often.</param>
internal sealed record DataSql(string Text, SqlParameters Parameters, bool IsFrequent)
{
    /// <summary>Filtered rows are counted up to here and no further: nobody reads so many one by one.</summary>
    public const int MaxCounted = 10_000;

    /// <summary>The same of a search, whose rows are looked up one by one.</summary>
    public const int MaxFound = 1_000;

    /// <summary>How many rows of <paramref name="query"/> are counted at the most.</summary>
    public static int Counted(
        DataQuery query) => query.Filters is { } asked && (asked.Search.Length > 0 || asked.Name.Length > 0) ? MaxFound : MaxCounted;

    /// <summary>The statement for <paramref name="query"/>.</summary>
    /// <param name="query">The request.</param>
    /// <param name="layout">What is read of a row.</param>
    public static DataSql For(DataQuery query, RowLayout layout)
    {
        var isFrequent = IsOfFewShapes(query);
        var parameters = new SqlParameters(isPlannedOnce: isFrequent);
        var where = FilterSql.Where(query, parameters);
        var head = query.IsFiltered
            ? $"SELECT s.version, s.changed_at, ({Count(query, where)}) FROM catalogue_state AS s WHERE s.id = 1"
            : Maintained(query, parameters);

        // The head is one row, so that joining it leaves the rows in their order.
        return new($"SELECT r.*, h.* FROM ({head}) AS h LEFT JOIN ({Rows(query, layout, where, parameters)}) AS r ON true", parameters,
            isFrequent);
    }

    // The usual order without a search, whose plan depends on the text. The others are too many kinds of statements for a connection to
    // keep.
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
    /// The rows next to a key, each part straight from an index: those with its value, those beyond it, and those without one, which come
    /// last. (With OR instead of UNION ALL PostgreSQL would read the table from its beginning.)
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
