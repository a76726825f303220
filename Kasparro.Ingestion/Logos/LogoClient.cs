using System.Net;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Logos;

/// <summary>Requests logos. A source's URL is not trusted: only listed hosts are requested, and redirects are not followed.</summary>
internal sealed class LogoClient(HttpClient http, IOptions<LogoOptions> options)
{
    /// <summary>Requests a logo.</summary>
    /// <exception cref="LogoRefusedException">The URL may not be requested, or its content is not a logo.</exception>
    /// <exception cref="HttpRequestException">The host does not respond, or responds that it is temporarily unable to.</exception>
    public async Task<LogoImage> GetAsync(string url, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(FindTarget(url), cancellationToken);
            if (response.StatusCode is >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests
                or HttpStatusCode.RequestTimeout)
            {
                throw new HttpRequestException($"{url}: status {(int)response.StatusCode}.", inner: null, response.StatusCode);
            }

            if (response.StatusCode is not HttpStatusCode.OK)
            {
                throw new LogoRefusedException($"Status {(int)response.StatusCode}.");
            }

            var content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return ImageType.Find(content) is { } type
                ? new(type, content)
                : throw new LogoRefusedException($"Not a PNG, JPEG, GIF or WebP image, but {content.Length} bytes of something else.");
        }
        catch (HttpRequestException e) when (e.InnerException is LogoRefusedException refused)
        {
            throw new LogoRefusedException(refused.Message);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new LogoRefusedException($"More than {options.Value.MaxBytes} bytes.");
        }
    }

    private Uri FindTarget(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps || !uri.IsDefaultPort
            || uri.UserInfo.Length > 0)
        {
            throw new LogoRefusedException("Not a URL of the form https://host/path.");
        }

        if (!options.Value.Allows(uri.IdnHost))
        {
            throw new LogoRefusedException($"{uri.IdnHost} is not among {LogoOptions.Section}:Hosts.");
        }

        return options.Value.Origin is { } origin ? new(origin, $"{uri.IdnHost}{uri.PathAndQuery}") : uri;
    }
}

/// <summary>A logo.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record LogoImage(string ContentType, byte[] Content);

/// <summary>A URL does not lead to a logo, and retrying soon would not help.</summary>
/// <param name="message">Why, in a sentence for operators.</param>
internal sealed class LogoRefusedException(string message) : Exception(message);
