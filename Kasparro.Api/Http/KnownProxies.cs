using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Kasparro.Api.Http;

/// <summary>
/// Finds clients' addresses behind proxies: <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are trusted from the proxies in
/// <see cref="ApiOptions.KnownProxies"/> only. There are none by default.
/// </summary>
internal static class KnownProxies
{
    /// <summary>Whether the setting contains addresses and networks only.</summary>
    public static bool IsValid(string proxies) =>
        Array.TrueForAll(CommaList.Split(proxies), part => System.Net.IPNetwork.TryParse(Network(part), out _));

    /// <summary>Takes the client's address from known proxies. Must come before any middleware that reads the address.</summary>
    public static void UseKnownProxies(this WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<IOptions<ApiOptions>>().Value.KnownProxies;
        if (proxies.Length == 0)
        {
            return;
        }

        // No limit: the chain is followed as long as the reporting proxies are known.
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var part in CommaList.Split(proxies))
        {
            options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(Network(part)));
        }

        app.UseForwardedHeaders(options);
    }

    private static string Network(string part) =>
        part.Contains('/', StringComparison.Ordinal) || !IPAddress.TryParse(part, out var address) ? part
        : $"{part}/{(address.AddressFamily is System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128)}";
}
