using Kasparro.Api.Http;

namespace Kasparro.Api.Vendors;

/// <summary>What a vendor's page depends on besides its target: who asks for it.</summary>
/// <param name="IsMirror">Whether it is another Kasparro, which wants the vendor's own listings.</param>
/// <param name="Logos">The URLs of logos as it reaches them.</param>
internal readonly record struct VendorClient(bool IsMirror, LogoLinks Logos)
{
    /// <summary>Who sends a request.</summary>
    public static VendorClient From(HttpRequest request) => new(IsMirrorOf(request), LogoLinks.For(request));

    /// <summary>Whether another Kasparro sends it.</summary>
    public static bool IsMirrorOf(HttpRequest request) =>
        request.Headers.UserAgent.ToString().StartsWith(VendorRoutes.MirrorAgent, StringComparison.Ordinal);
}
