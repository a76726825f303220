namespace Kasparro.Api.Catalogue;

/// <summary>The links of a page: paths with query strings, relative to the service's root; null if there are no more rows.</summary>
/// <param name="Next">The rows after the page.</param>
/// <param name="Prev">The rows before it.</param>
internal sealed record PageLinks(string? Next, string? Prev)
{
    /// <summary>The value of the header <c>Link</c> (RFC 8288); empty if there are no links.</summary>
    public string Header => (Next, Prev) switch
    {
        (null, null) => "",
        ({ } next, null) => $"<{next}>; rel=\"next\"",
        (null, { } prev) => $"<{prev}>; rel=\"prev\"",
        var (next, prev) => $"<{next}>; rel=\"next\", <{prev}>; rel=\"prev\"",
    };
}
