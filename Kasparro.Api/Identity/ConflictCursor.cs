using System.Buffers.Binary;
using System.Buffers.Text;
using Kasparro.Api.Http;

namespace Kasparro.Api.Identity;

/// <summary>The position of a page of conflicts: after the last conflict of the page before. Opaque to clients.</summary>
[Expected("must be a next_cursor of this resource")]
internal readonly record struct ConflictCursor(double Confidence, Guid ListingId, Guid OtherId)
{
    private const int Length = 8 + 16 + 16;

    /// <summary>Parses the text that <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? s, IFormatProvider? provider, out ConflictCursor result)
    {
        result = default;
        if (!Base64Url.IsValid(s, out var length) || length != Length)
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = Base64Url.DecodeFromChars(s);
        var confidence = BinaryPrimitives.ReadDoubleBigEndian(bytes);
        result = new(confidence, new Guid(bytes[8..24], bigEndian: true), new Guid(bytes[24..], bigEndian: true));
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
