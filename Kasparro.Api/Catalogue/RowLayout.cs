using Npgsql;

namespace Kasparro.Api.Catalogue;

/// <summary>The columns that a page reads, the order of its rows, and how a row's sort key is read.</summary>
internal sealed class RowLayout
{
    private static readonly RowLayout Assets = new(isListing: false, DataFieldSet.Default, DataField.MarketCap, isDescending: true);
    private static readonly RowLayout Listings = new(isListing: true, DataFieldSet.Default, DataField.MarketCap, isDescending: true);

    private readonly int _sortColumn;
    private readonly int _assetIdColumn;
    private readonly int _listingIdColumn;

    private RowLayout(bool isListing, DataFieldSet fields, DataField sort, bool isDescending)
    {
        IsDescending = isDescending;
        Sort = sort;
        Shown = [.. DataField.All.Where(field => fields.HasFlag(field.Flag))];
        List<string> columns = [.. Shown.Select(SqlFor)];
        _sortColumn = IndexOf(SqlFor(sort));
        _assetIdColumn = IndexOf(isListing ? "l.asset_id" : "a.asset_id");
        _listingIdColumn = isListing ? IndexOf("l.listing_id") : -1;

        SortSql = SqlFor(sort);
        Id = isListing ? "l.listing_id" : "a.asset_id";
        Columns = string.Join(", ", columns.Select((column, index) => $"{column} AS c{index}"));
        string[] ids = isListing ? ["l.asset_id", "l.listing_id"] : ["a.asset_id"];
        string[] outerIds = isListing ? [$"c{_assetIdColumn}", $"c{_listingIdColumn}"] : [$"c{_assetIdColumn}"];
        (Order, ReverseOrder) = Orders(SortSql, ids);
        (OuterOrder, OuterReverseOrder) = Orders($"c{_sortColumn}{(sort.Kind is FieldKind.Text ? " COLLATE \"C\"" : "")}", outerIds);

        string SqlFor(DataField field) => isListing ? field.ListingSql : field.AssetSql;

        int IndexOf(string sql)
        {
            var index = columns.IndexOf(sql);
            if (index < 0)
            {
                columns.Add(sql);
                index = columns.Count - 1;
            }

            return index;
        }
    }

    /// <summary>The fields of a row; column <c>n</c> contains the value of field <c>n</c>.</summary>
    public IReadOnlyList<DataField> Shown { get; }

    public DataField Sort { get; }

    public bool IsDescending { get; }

    /// <summary>The select list; its columns are named c0, c1, ….</summary>
    public string Columns { get; }

    /// <summary>The table's key.</summary>
    public string Id { get; }

    /// <summary>The expression to sort by.</summary>
    public string SortSql { get; }

    /// <summary>
    /// ORDER BY over the table; <see cref="ReverseOrder"/> is its exact reverse, so that an index read backwards provides it.
    /// </summary>
    public string Order { get; }

    public string ReverseOrder { get; }

    /// <summary>ORDER BY over the select list.</summary>
    public string OuterOrder { get; }

    public string OuterReverseOrder { get; }

    /// <summary>
    /// The number of columns that are read per row. They are followed, on a backward page, by the number of rows read, and then by the
    /// head.
    /// </summary>
    public int Count => Math.Max(Math.Max(_sortColumn, _assetIdColumn), Math.Max(_listingIdColumn, Shown.Count - 1)) + 1;

    /// <summary>Returns the layout for <paramref name="query"/>.</summary>
    public static RowLayout For(DataQuery query) => query.Filters is { } asked && (asked.IsSorted || asked.Fields != DataFieldSet.Default)
        ? new(query.Source is not null, asked.Fields, asked.Sort, asked.IsDescending)
        : query.Source is null ? Assets : Listings;

    /// <summary>Whether the result contains a row rather than only the head.</summary>
    public bool IsRow(NpgsqlDataReader row) => !row.IsDBNull(_assetIdColumn);

    /// <summary>Reads the row's sort key.</summary>
    public RowKey ReadKey(NpgsqlDataReader row) => new(
        row.IsDBNull(_sortColumn) ? null : ReadValue(row),
        row.GetGuid(_assetIdColumn),
        _listingIdColumn < 0 ? Guid.Empty : row.GetGuid(_listingIdColumn));

    private object ReadValue(NpgsqlDataReader row) => Sort.Kind switch
    {
        FieldKind.Text => row.GetString(_sortColumn),
        FieldKind.Number => row.GetDouble(_sortColumn),
        FieldKind.Whole => row.GetInt32(_sortColumn),
        FieldKind.Time => row.GetDateTime(_sortColumn),
        FieldKind.Id => row.GetGuid(_sortColumn),
        _ => row.GetBoolean(_sortColumn),
    };

    private (string Order, string Reverse) Orders(string value, string[] ids) => (
        $"ORDER BY {value} {(IsDescending ? "DESC" : "ASC")} NULLS LAST, {string.Join(", ", ids)}",
        $"ORDER BY {value} {(IsDescending ? "ASC" : "DESC")} NULLS FIRST, {string.Join(", ", ids.Select(id => $"{id} DESC"))}");
}
