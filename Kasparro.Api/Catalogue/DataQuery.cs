using System.Globalization;

namespace Kasparro.Api.Catalogue;

/// <summary>A request to <c>/data</c> in normal form: equal requests have equal pages.</summary>
/// <param name="Page">The page, from 1; 1 if <see cref="DataFilters.Cursor"/> determines where the page begins.</param>
/// <param name="PageSize">The number of rows per page, 1 to <see cref="MaxPageSize"/>.</param>
/// <param name="Source">One of <see cref="SourceNames.All"/>; null for the unified assets.</param>
/// <param name="Symbol">The symbols in invariant upper case, sorted and separated by <see cref="SymbolSeparator"/>; empty for all.</param>
/// <param name="Filters">The rarely used parameters, or null if none is given, so that common queries compare fast.</param>
internal readonly record struct DataQuery(int Page, int PageSize, string? Source, string Symbol, DataFilters? Filters = null)
{
    public const int DefaultPageSize = 20;
    public const int MaxPageSize = 1000;
    public const int MaxSymbolLength = 200;
    public const int MaxSymbols = 100;

    /// <summary>Separates symbols. No symbol contains NUL, nor can PostgreSQL's text.</summary>
    public const char SymbolSeparator = '\0';

    /// <summary>The maximum depth of <c>page</c>, in rows: beyond it, an offset would cost more than the page is worth.</summary>
    public const int MaxDepth = 1_000_000;

    /// <summary>The number of rows before the page.</summary>
    public long Offset => (Page - 1L) * PageSize;

    /// <summary>Whether rows are filtered by anything other than their source.</summary>
    public bool IsFiltered => Symbol.Length > 0 || Filters is { IsFiltered: true };

    /// <summary>
    /// The form used in Redis keys. The number in it is the format's version: a page with other fields must have another key.
    /// </summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"data/2?page={Page}&{Parameters}{(Filters?.Cursor is { } cursor ? $"&cursor={cursor.Token}" : "")}");

    /// <summary>The parameters in normal form, without those that select the page of the rows: what a cursor is bound to.</summary>
    public string Parameters => string.Create(
        CultureInfo.InvariantCulture,
        $"page_size={PageSize}{(Source is null ? "" : $"&source={Source}")}{SymbolParameters}{Filters?.Parameters}");

    private string SymbolParameters => Symbol.Length == 0
        ? ""
        : string.Concat(Symbol.Split(SymbolSeparator).Select(symbol => $"&symbol={Uri.EscapeDataString(symbol)}"));
}
