using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Kasparro.Api.Http;

/// <summary>Content negotiation (RFC 9110, section 12.5.1), parsed leniently: a header that cannot be parsed excludes nothing.</summary>
internal static class MediaTypes
{
    /// <summary>The media type of most responses.</summary>
    public const string Json = "application/json";

    /// <summary>Whether a media type is acceptable.</summary>
    public static bool Accepts(StringValues accept, string mediaType) =>
        accept.Count == 0 || (accept.Count == 1 && accept[0] is "*/*" or Json) || Choose(accept, [mediaType]) is not null;

    /// <summary>
    /// Chooses the content coding of the response: <c>br</c> or <c>gzip</c>, as the client prefers, and <c>br</c> if it has no preference;
    /// null if it accepts neither or prefers the uncompressed form.
    /// </summary>
    public static string? ChooseCoding(StringValues acceptEncoding)
    {
        if (acceptEncoding.Count == 0
            || !StringWithQualityHeaderValue.TryParseList([.. acceptEncoding.OfType<string>()], out var codings))
        {
            return null;
        }

        var (brotli, gzip) = (GetWeight("br"), GetWeight("gzip"));
        var best = Math.Max(brotli, gzip);
        return best == 0 || best < GetWeight("identity") ? null : brotli == best ? "br" : "gzip";

        double GetWeight(string coding) => codings
            .Where(named => named.Value.Equals(coding, StringComparison.OrdinalIgnoreCase)).Select(named => named.Quality ?? 1)
            .FirstOrDefault();
    }

    /// <summary>
    /// Chooses the media type that the client prefers, or the first one if it has no preference; null if it accepts none of them.
    /// </summary>
    public static string? Choose(StringValues accept, IReadOnlyList<string> offered)
    {
        if (!MediaTypeHeaderValue.TryParseList([.. accept.OfType<string>()], out var ranges) || ranges.Count == 0)
        {
            return offered[0];
        }

        return offered
            .Select((mediaType, order) => (MediaType: mediaType, Weight: GetWeight(mediaType, ranges), Order: order))
            .Where(candidate => candidate.Weight > 0)
            .OrderByDescending(candidate => candidate.Weight).ThenBy(candidate => candidate.Order)
            .Select(candidate => candidate.MediaType)
            .FirstOrDefault();
    }

    // The most specific range decides.
    private static double GetWeight(string mediaType, IEnumerable<MediaTypeHeaderValue> ranges) => ranges
        .Where(range => range.MatchesMediaType(mediaType))
        .OrderBy(range => range.MatchesAllTypes).ThenBy(range => range.MatchesAllSubTypes)
        .Select(range => range.Quality ?? 1)
        .FirstOrDefault();
}
