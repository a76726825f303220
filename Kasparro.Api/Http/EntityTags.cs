using Microsoft.Extensions.Primitives;

namespace Kasparro.Api.Http;

/// <summary>Conditional requests (RFC 9110, section 13).</summary>
internal static class EntityTags
{
    /// <summary>Whether <c>If-None-Match</c> names the tag, compared weakly, or any.</summary>
    /// <param name="ifNoneMatch">The field, as sent.</param>
    /// <param name="entityTag">A tag of ours, weak or strong: nothing in it needs escaping, so that it cannot be part of another.</param>
    public static bool Matches(StringValues ifNoneMatch, string entityTag)
    {
        var opaque = entityTag.AsSpan(entityTag.IndexOf('"', StringComparison.Ordinal));
        foreach (var field in ifNoneMatch)
        {
            if (field is not null && (field.AsSpan().Trim() is "*" || field.AsSpan().Contains(opaque, StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }
}
