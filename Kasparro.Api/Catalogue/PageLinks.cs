namespace Kasparro.Api.Catalogue;

/// <summary>The links of a page: paths with query strings, relative to the service's root; null if there are no more rows.</summary>
/// <param name="Next">The rows after the page.</param>
/// <param name="Prev">The rows before it.</param>
internal sealed record PageLinks(string? Next, string? Prev)
{
    /// <summary>The value of the header <c>Link</c> (RFC 8288); empty if there are no links.</summary>
    public string Header => string.Join(
        ", ", new (string? Path, string Rel)[] { (Next, "next"), (Prev, "prev") }.Where(link => link.Path is not null)
            .Select(link => $"<{link.Path}>; rel=\"{link.Rel}\""));
}
