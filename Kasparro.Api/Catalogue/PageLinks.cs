namespace Kasparro.Api.Catalogue;

/// <summary>Where a page leads: paths with queries, relative to the service's root; null where there is nothing more.</summary>
/// <param name="Next">The rows after the page.</param>
/// <param name="Prev">The rows before it.</param>
internal sealed record PageLinks(string? Next, string? Prev)
{
    /// <summary>As the field <c>Link</c> says it (RFC 8288); empty where there is nothing more.</summary>
    public string Header => (Next, Prev) switch
    {
        (null, null) => "",
        ({ } next, null) => $"<{next}>; rel=\"next\"",
        (null, { } prev) => $"<{prev}>; rel=\"prev\"",
        var (next, prev) => $"<{next}>; rel=\"next\", <{prev}>; rel=\"prev\"",
    };
}
