using Npgsql;

namespace Kasparro.Api.Catalogue;

/// <summary>Which columns a page reads, in which order its rows come, and how a row is written and remembered.</summary>
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

    /// <summary>What a row shows; column <c>n</c> is its value of the field <c>n</c>.</summary>
    public IReadOnlyList<DataField> Shown { get; }

    public DataField Sort { get; }

    public bool IsDescending { get; }

    /// <summary>The select list; its columns are called c0, c1, ….</summary>
    public string Columns { get; }

    /// <summary>The table's key.</summary>
    public string Id { get; }

    /// <summary>The expression that the order is by.</summary>
    public string SortSql { get; }

    /// <summary>ORDER BY over the table; the reverse one is what an index gives when it is read backwards.</summary>
    public string Order { get; }

    public string ReverseOrder { get; }

    /// <summary>ORDER BY over the select list.</summary>
    public string OuterOrder { get; }

    public string OuterReverseOrder { get; }

    /// <summary>Columns that are read of a row. Behind them comes, of a backward page, how many rows it got, and then the head.</summary>
    public int Count => Math.Max(Math.Max(_sortColumn, _assetIdColumn), Math.Max(_listingIdColumn, Shown.Count - 1)) + 1;

    /// <summary>The layout for <paramref name="query"/>.</summary>
    public static RowLayout For(DataQuery query) => query.Filters is { } asked && (asked.IsSorted || asked.Fields != DataFieldSet.Default)
        ? new(query.Source is not null, asked.Fields, asked.Sort, asked.IsDescending)
        : query.Source is null ? Assets : Listings;

    /// <summary>Whether there is a row: else there is only the head.</summary>
    public bool IsRow(NpgsqlDataReader row) => !row.IsDBNull(_assetIdColumn);

    /// <summary>The row's place in the order.</summary>
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
