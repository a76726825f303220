using Microsoft.Extensions.Primitives;

namespace Kasparro.Api.Http;

/// <summary>Conditional requests (RFC 9110, section 13).</summary>
internal static class EntityTags
{
    /// <summary>Whether <c>If-None-Match</c> contains the tag (weak comparison) or <c>*</c>.</summary>
    /// <param name="ifNoneMatch">The header's value as sent.</param>
    /// <param name="entityTag">
    /// One of our own tags, weak or strong; nothing in it needs escaping, so it cannot be part of another tag.
    /// </param>
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
