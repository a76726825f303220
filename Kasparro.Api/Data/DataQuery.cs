using System.Globalization;
using Kasparro.Data;

namespace Kasparro.Api.Data;

/// <summary>A question to <c>/data</c> in its one normal form: equal questions have equal pages.</summary>
/// <param name="Page">From 1.</param>
/// <param name="PageSize">Rows a page, 1 to <see cref="MaxPageSize"/>.</param>
/// <param name="Source">One of <see cref="SourceNames.All"/>; null for the unified assets.</param>
/// <param name="Symbol">A symbol in invariant upper case; empty for all.</param>
internal readonly record struct DataQuery(int Page, int PageSize, string? Source, string Symbol)
{
    public const int DefaultPageSize = 20;
    public const int MaxPageSize = 1000;
    public const int MaxSymbolLength = 200;

    /// <summary>Rows before the page.</summary>
    public long Offset => (Page - 1L) * PageSize;

    /// <summary>As it stands in Redis keys. The number in front is the format's: a page with other fields must have another key.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"data/1?page={Page}&page_size={PageSize}&source={Source}&symbol={Uri.EscapeDataString(Symbol)}");
}
