using System.Globalization;

namespace Kasparro.Api.Http;

/// <summary>Codings that an answer can be sent in.</summary>
internal enum ContentCoding
{
    Identity,
    Gzip,
    Brotli,
}

/// <summary>What the client accepts (RFC 9110, section 12.5), read leniently: what cannot be understood forbids nothing.</summary>
internal static class ContentNegotiation
{
    /// <summary>Whether JSON is acceptable.</summary>
    public static bool AcceptsJson(HttpRequest request) => Accepts(request, "application/json");

    /// <summary>Whether a media type is acceptable: by its name, or by a wildcard, unless the more precise of them has the weight 0.</summary>
    public static bool Accepts(HttpRequest request, string mediaType)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0 || (accept.Count == 1 && accept[0] is "*/*" or ""))
        {
            return true;
        }

        // The most precise range decides: 3 for the type itself, 2 for its family, 1 for anything.
        var (precision, isAccepted) = (0, false);
        foreach (var field in accept)
        {
            var text = field.AsSpan();
            foreach (var part in text.Split(','))
            {
                var (range, weight) = Read(text[part]);
                var found = PrecisionOf(range, mediaType);
                if (found > precision)
                {
                    (precision, isAccepted) = (found, weight > 0);
                }
                else if (found == precision && found > 0)
                {
                    isAccepted |= weight > 0;
                }
            }
        }

        return isAccepted;
    }

    /// <summary>The coding to answer in: the smallest that the client names.</summary>
    public static ContentCoding CodingOf(HttpRequest request)
    {
        var coding = ContentCoding.Identity;
        foreach (var field in request.Headers.AcceptEncoding)
        {
            var text = field.AsSpan();
            foreach (var part in text.Split(','))
            {
                var (name, weight) = Read(text[part]);
                if (weight <= 0)
                {
                    continue;
                }

                if (name.Equals("br", StringComparison.OrdinalIgnoreCase))
                {
                    return ContentCoding.Brotli;
                }

                if (name.Equals("gzip", StringComparison.OrdinalIgnoreCase) || name.Equals("x-gzip", StringComparison.OrdinalIgnoreCase))
                {
                    coding = ContentCoding.Gzip;
                }
            }
        }

        return coding;
    }

    private static int PrecisionOf(ReadOnlySpan<char> range, ReadOnlySpan<char> mediaType) =>
        range.Equals(mediaType, StringComparison.OrdinalIgnoreCase) ? 3
        : range is "*/*" ? 1
        : range.EndsWith("/*") && mediaType.StartsWith(range[..^1], StringComparison.OrdinalIgnoreCase) ? 2
        : 0;

    private static Weighted Read(ReadOnlySpan<char> part)
    {
        var semicolon = part.IndexOf(';');
        if (semicolon < 0)
        {
            return new(part.Trim(), 1);
        }

        var weight = 1.0;
        var parameters = part[(semicolon + 1)..];
        foreach (var parameter in parameters.Split(';'))
        {
            var text = parameters[parameter].Trim();
            if ((text.StartsWith("q=") || text.StartsWith("Q=")) && double.TryParse(text[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var parsed))
            {
                weight = parsed;
            }
        }

        return new(part[..semicolon].Trim(), weight);
    }

    private readonly ref struct Weighted(ReadOnlySpan<char> name, double weight)
    {
        private readonly ReadOnlySpan<char> _name = name;

        public void Deconstruct(out ReadOnlySpan<char> named, out double weighted)
        {
            named = _name;
            weighted = weight;
        }
    }
}
