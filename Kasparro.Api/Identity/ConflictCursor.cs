using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Kasparro.Api.Identity;

/// <summary>Where a page of conflicts ended: the next one begins after this. Opaque to clients.</summary>
internal readonly record struct ConflictCursor(double Confidence, Guid ListingId, Guid OtherId)
{
    private const int Length = 8 + 16 + 16;

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ConflictCursor? cursor)
    {
        cursor = null;
        Span<byte> bytes = stackalloc byte[Length];
        if (text.Length != Base64Url.GetEncodedLength(Length) || !Base64Url.TryDecodeFromChars(text, bytes, out var written) || written != Length)
        {
            return false;
        }

        var confidence = BinaryPrimitives.ReadDoubleBigEndian(bytes);
        cursor = new(confidence, new Guid(bytes[8..24], bigEndian: true), new Guid(bytes[24..], bigEndian: true));
        return double.IsFinite(confidence);
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, Confidence);
        ListingId.TryWriteBytes(bytes[8..24], bigEndian: true, out _);
        OtherId.TryWriteBytes(bytes[24..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }
}
