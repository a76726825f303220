using System.Globalization;

namespace Kasparro.Api.Catalogue;

/// <summary>A request to <c>/data</c> in its one normal form: equal requests have equal pages.</summary>
/// <param name="Page">From 1; 1 where <see cref="DataFilters.Cursor"/> says where the page begins.</param>
/// <param name="PageSize">Rows a page, 1 to <see cref="MaxPageSize"/>.</param>
/// <param name="Source">One of <see cref="SourceNames.All"/>; null for the unified assets.</param>
/// <param name="Symbol">Symbols in invariant upper case, sorted, with <see cref="SymbolSeparator"/> between them; empty for all.</param>
/// <param name="Filters">Everything that is seldom asked for; null where none of it is, so that the usual queries compare fast.</param>
internal readonly record struct DataQuery(int Page, int PageSize, string? Source, string Symbol, DataFilters? Filters = null)
{
    public const int DefaultPageSize = 20;
    public const int MaxPageSize = 1000;
    public const int MaxSymbolLength = 200;
    public const int MaxSymbols = 100;

    /// <summary>No symbol holds NUL: PostgreSQL's text does not either.</summary>
    public const char SymbolSeparator = '\0';

    /// <summary>How deep <c>page</c> reaches, in rows: beyond, an offset would cost more than anybody's page is worth.</summary>
    public const int MaxDepth = 1_000_000;

    /// <summary>Rows before the page.</summary>
    public long Offset => (Page - 1L) * PageSize;

    /// <summary>Whether rows are filtered by anything but their source.</summary>
    public bool IsFiltered => Symbol.Length > 0 || Filters is { IsFiltered: true };

    /// <summary>As it stands in Redis keys. The number in front is the format's: a page with other fields must have another key.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"data/2?page={Page}&{Parameters}{(Filters?.Cursor is { } cursor ? $"&cursor={cursor.Token}" : "")}");

    /// <summary>The parameters in their normal form, less those that say which page of the rows it is: what a cursor is bound to.</summary>
    public string Parameters => string.Create(
        CultureInfo.InvariantCulture,
        $"page_size={PageSize}{(Source is null ? "" : $"&source={Source}")}{SymbolParameters}{Filters?.Parameters}");

    private string SymbolParameters => Symbol.Length == 0
        ? ""
        : string.Concat(Symbol.Split(SymbolSeparator).Select(symbol => $"&symbol={Uri.EscapeDataString(symbol)}"));
}
