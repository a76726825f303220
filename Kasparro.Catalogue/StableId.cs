using System.Security.Cryptography;
using System.Text;

namespace Kasparro.Catalogue;

/// <summary>
/// Ids that follow from what they name: a name-based UUID, version 5 (RFC 9562, section 5.5). The same listing has the same id in every
/// database and after every restart, so a page can be written without asking for ids first.
/// </summary>
public static class StableId
{
    /// <summary>The namespace of listings; a constant of this project, never to be changed.</summary>
    private static readonly Guid ListingNamespace = new("6f1d3c5e-7a0b-5d7e-9b43-2f9d2f0c6a11");

    /// <summary>The id of the listing that <paramref name="source"/> calls <paramref name="externalId"/>.</summary>
    public static Guid ForListing(string source, string externalId)
    {
        // '\n' cannot occur in a source's name, so no two pairs give the same text.
        var length = Encoding.UTF8.GetByteCount(source) + 1 + Encoding.UTF8.GetByteCount(externalId);
        Span<byte> text = length <= 512 ? stackalloc byte[16 + length] : new byte[16 + length];
        ListingNamespace.TryWriteBytes(text, bigEndian: true, out _);
        var written = 16 + Encoding.UTF8.GetBytes(source, text[16..]);
        text[written++] = (byte)'\n';
        Encoding.UTF8.GetBytes(externalId, text[written..]);

        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // Version 5 is defined over SHA-1; nothing here rests on its strength against attackers.
        SHA1.HashData(text, hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
