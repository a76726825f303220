using Kasparro.Api.Assets;
using Kasparro.Api.Http;

namespace Kasparro.Api.Vendors;

/// <summary>The client that asks for a vendor's page, which the page depends on in addition to its target.</summary>
/// <param name="IsMirror">Whether the client is another Kasparro, which wants the vendor's own listings.</param>
/// <param name="Origin">The scheme, host and port of this service, as the client reaches it.</param>
internal readonly record struct VendorClient(bool IsMirror, string Origin)
{
    /// <summary>Gets the client that sends a request.</summary>
    public static VendorClient From(HttpRequest request) => new(
        request.Headers.UserAgent.ToString().StartsWith(VendorRoutes.MirrorAgent, StringComparison.Ordinal),
        $"{request.Scheme}://{request.Host.Value}");

    /// <summary>Gets the URL of an asset's logo, or null if the asset has none.</summary>
    public string? FindLogo(Guid assetId, bool hasLogo) => hasLogo ? $"{Origin}{LogoEndpoints.GetPath(assetId)}" : null;
}
