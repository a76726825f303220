using Npgsql;

namespace Kasparro.Api.Catalogue;

/// <summary>Reads the rows of a page and determines its links.</summary>
internal sealed class PageRows(DataQuery query, RowLayout layout, DataCursorCodec cursors)
{
    private RowKey? _first;
    private RowKey? _last;
    private bool _isMore;

    private bool IsBackward => query.Filters?.Cursor is { IsBackward: true };

    /// <summary>The index of the head's first column.</summary>
    public int HeadColumn => IsBackward ? layout.Count + 1 : layout.Count;

    /// <summary>Writes the rows, of which the first has already been read; the extra row only shows that there are more.</summary>
    public async Task ReadAsync(NpgsqlDataReader reader, PageJson page, CancellationToken cancellationToken)
    {
        if (!layout.IsRow(reader))
        {
            return;
        }

        var count = 0;
        do
        {
            if (IsBackward && count == 0 && !_isMore && reader.GetInt64(layout.Count) > query.PageSize)
            {
                _isMore = true;
                continue;
            }

            if (count == query.PageSize)
            {
                _isMore = true;
                break;
            }

            page.Add(reader, layout);
            count++;
            _first ??= layout.ReadKey(reader);
            if (count == query.PageSize || IsBackward)
            {
                _last = layout.ReadKey(reader);
            }
        }
        while (await reader.ReadAsync(cancellationToken));
    }

    /// <summary>Returns the links of the page. Call it after <see cref="ReadAsync"/>.</summary>
    public PageLinks Links()
    {
        var rows = query with { Page = 1, Filters = query.Filters is { } asked ? asked with { Cursor = null } : null };
        var parameters = rows.Parameters;
        var comesFromCursor = query.Filters?.Cursor is not null;
        var hasNext = IsBackward || _isMore;
        var hasPrev = IsBackward ? _isMore : comesFromCursor || query.Page > 1;
        return new PageLinks(
            hasNext && _last is not null ? Link(_last, isBackward: false) : null,
            hasPrev && _first is not null ? Link(_first, isBackward: true) : null);

        string Link(RowKey key, bool isBackward) =>
            $"{DataEndpoint.Path}?{parameters}&cursor={cursors.Encode(parameters, key, isBackward)}";
    }
}
