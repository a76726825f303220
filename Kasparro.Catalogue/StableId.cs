using System.Security.Cryptography;
using System.Text;

namespace Kasparro.Catalogue;

/// <summary>
/// Creates ids that are derived from what they name: name-based UUIDs, version 5 (RFC 9562, section 5.5). The same listing has the same id
/// in every database and after every restart, so a page can be written without reading ids first.
/// </summary>
public static class StableId
{
    /// <summary>The namespace of listings: a constant of this project that must never change.</summary>
    private static readonly Guid ListingNamespace = new("6f1d3c5e-7a0b-5d7e-9b43-2f9d2f0c6a11");

    /// <summary>Creates the id of the listing that <paramref name="source"/> calls <paramref name="externalId"/>.</summary>
    public static Guid ForListing(string source, string externalId)
    {
        // No source's name contains '\n', so no two pairs give the same text.
        var length = Encoding.UTF8.GetByteCount(source) + 1 + Encoding.UTF8.GetByteCount(externalId);
        Span<byte> text = length <= 512 ? stackalloc byte[16 + length] : new byte[16 + length];
        ListingNamespace.TryWriteBytes(text, bigEndian: true, out _);
        var written = 16 + Encoding.UTF8.GetBytes(source, text[16..]);
        text[written++] = (byte)'\n';
        Encoding.UTF8.GetBytes(externalId, text[written..]);

        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // Version 5 is defined over SHA-1; nothing here relies on its strength against attackers.
        SHA1.HashData(text, hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
