using System.Security.Cryptography;
using System.Text;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Kasparro.Api.Vendors;

/// <summary>
/// The keys, one of which clients of the vendors' routes must send if <see cref="ApiOptions.VendorKeys"/> is set: in a header or a
/// parameter, as each vendor's clients do.
/// </summary>
internal sealed class VendorKeys(IOptions<ApiOptions> options)
{
    private const string ParameterPrefix = "x_cg_";
    private const string Bearer = "Bearer ";

    private static readonly string[] Headers = ["x-cg-demo-api-key", "x-cg-pro-api-key", "Authorization"];
    private static readonly string[] Parameters = ["x_cg_demo_api_key", "x_cg_pro_api_key"];

    private readonly byte[][] _digests = [.. CommaList.Split(options.Value.VendorKeys).Select(Digest)];

    /// <summary>Whether the request may be served: no key is required, or the request has a valid one.</summary>
    public bool Allows(HttpRequest request) => _digests.Length == 0
        || Headers.SelectMany(header => request.Headers[header]).Concat(Parameters.SelectMany(parameter => request.Query[parameter]))
            .Any(sent => sent is not null && IsKey(sent.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? sent[Bearer.Length..]
                : sent));

    /// <summary>Removes the parameters that hold a key from a query string; keys must not be stored.</summary>
    public static string WithoutKey(string? query)
    {
        if (query is null || !query.Contains(ParameterPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return query ?? "";
        }

        return QueryString.Create(QueryHelpers.ParseQuery(query)
            .Where(given => !Parameters.Contains(given.Key, StringComparer.OrdinalIgnoreCase))).Value ?? "";
    }

    // Every key is compared, each in constant time.
    private bool IsKey(string sent)
    {
        var digest = Digest(sent.Trim());
        var isKey = false;
        foreach (var known in _digests)
        {
            isKey |= CryptographicOperations.FixedTimeEquals(digest, known);
        }

        return isKey;
    }

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
