using Kasparro.Api.Assets;

namespace Kasparro.Api.Vendors;

/// <summary>The URLs of logos in the vendors' responses: those of this service, as the client reaches it.</summary>
/// <param name="Origin">Scheme, host and port of the request.</param>
internal readonly record struct LogoLinks(string Origin)
{
    /// <summary>Those for the client that sends a request.</summary>
    public static LogoLinks For(HttpRequest request) => new(OriginOf(request));

    /// <summary>Scheme, host and port of a request.</summary>
    public static string OriginOf(HttpRequest request) => $"{request.Scheme}://{request.Host.Value}";

    /// <summary>The URL of an asset's logo; null where it has none.</summary>
    public string? Find(Guid assetId, bool hasLogo) => hasLogo ? $"{Origin}{LogoEndpoints.PathOf(assetId)}" : null;
}
