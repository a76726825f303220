using Kasparro.Api.Assets;
using Kasparro.Api.Http;

namespace Kasparro.Api.Vendors;

/// <summary>What a vendor's page depends on besides its target: who asks for it.</summary>
/// <param name="IsMirror">Whether it is another Kasparro, which wants the vendor's own listings.</param>
/// <param name="Origin">Scheme, host and port of this service, as the client reaches it.</param>
internal readonly record struct VendorClient(bool IsMirror, string Origin)
{
    /// <summary>Who sends a request.</summary>
    public static VendorClient From(HttpRequest request) => new(
        request.Headers.UserAgent.ToString().StartsWith(VendorRoutes.MirrorAgent, StringComparison.Ordinal),
        $"{request.Scheme}://{request.Host.Value}");

    /// <summary>The URL of an asset's logo; null where it has none.</summary>
    public string? FindLogo(Guid assetId, bool hasLogo) => hasLogo ? $"{Origin}{LogoEndpoints.PathOf(assetId)}" : null;
}
