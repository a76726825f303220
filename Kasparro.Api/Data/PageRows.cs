using Npgsql;

namespace Kasparro.Api.Data;

/// <summary>Takes in the rows of one page, and finds out where it leads.</summary>
internal sealed class PageRows(DataQuery query, RowLayout layout, DataCursorCodec cursors)
{
    private RowKey? _first;
    private RowKey? _last;
    private bool _isMore;

    private bool IsBackward => query.Refinement?.Cursor is { IsBackward: true };

    /// <summary>Writes the rows; the one beyond the page only tells that there is more.</summary>
    public async Task ReadAsync(NpgsqlDataReader reader, PageJson page, CancellationToken cancellationToken)
    {
        var count = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (IsBackward && count == 0 && !_isMore && reader.GetInt64(layout.CountColumn) > query.PageSize)
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
            _first ??= layout.KeyOf(reader);
            if (count == query.PageSize || IsBackward)
            {
                _last = layout.KeyOf(reader);
            }
        }
    }

    /// <summary>Where the page leads, once its rows were read.</summary>
    public PageLinks Links()
    {
        var comesFromCursor = query.Refinement?.Cursor is not null;
        var hasNext = IsBackward || _isMore;
        var hasPrev = IsBackward ? _isMore : comesFromCursor || query.Page > 1;
        return new PageLinks(
            hasNext && _last is not null ? Link(_last, isBackward: false) : null,
            hasPrev && _first is not null ? Link(_first, isBackward: true) : null);
    }

    private string Link(RowKey key, bool isBackward)
    {
        var rows = query with { Page = 1, Refinement = query.Refinement is { } asked ? asked with { Cursor = null } : null };
        return $"{DataEndpoint.Path}?{rows.Parameters}&cursor={cursors.Encode(rows, key, isBackward)}";
    }
}
