using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// Encodes and decodes cursors: base64url of the direction, the key, and the first half of an HMAC-SHA256 over both and over the query's
/// parameters, so that a cursor works only with the query that it was made for. The signing key is random and stored in the catalogue by
/// the migrations: it is the same for all replicas, outlives them, and reveals nothing about any other secret.
/// </summary>
internal sealed class DataCursorCodec
{
    private const int TagLength = 16;

    // Four times the length, in base64, of the longest name of a listing.
    private const int MaxTokenLength = 8_192;

    private volatile SigningKey? _key;

    /// <summary>Whether the signing key is known; until then cursors can be neither encoded nor decoded.</summary>
    public bool HasKey => _key is not null;

    /// <summary>Identifies the signing key without revealing it: pages with cursors of another key must not be served.</summary>
    public string Fingerprint => Key.Fingerprint;

    private SigningKey Key => _key ?? throw new InvalidOperationException("The signing key has not been read from the catalogue yet.");

    /// <summary>Sets the signing key, as read from the catalogue.</summary>
    public void Use(byte[] key)
    {
        if (_key is not { } known || !known.Bytes.AsSpan().SequenceEqual(key))
        {
            _key = new(key, Convert.ToHexStringLower(HMACSHA256.HashData(key, "fingerprint"u8)[..8]));
        }
    }

    /// <summary>Creates the token of a position.</summary>
    /// <param name="parameters">The parameters of the query: <see cref="DataQuery.Parameters"/>.</param>
    /// <param name="key">The sort key of the row at the position.</param>
    /// <param name="isBackward">Whether the token leads to the rows before the position.</param>
    public string Encode(string parameters, RowKey key, bool isBackward)
    {
        using var bytes = new MemoryStream(128);
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(isBackward);
            writer.Write(key.Value is not null);
            WriteValue(writer, key.Value);
            writer.Write(key.AssetId.ToByteArray(bigEndian: true));
            if (key.ListingId != Guid.Empty)
            {
                writer.Write(key.ListingId.ToByteArray(bigEndian: true));
            }

            writer.Flush();
            writer.Write(Sign(parameters, bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        }

        return Base64Url.EncodeToString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <summary>Decodes a token that was made for <paramref name="query"/>; null if it is invalid or was made for another query.</summary>
    public DataCursor? Decode(DataQuery query, string token)
    {
        if (token.Length is 0 or > MaxTokenLength || !Base64Url.IsValid(token))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length <= TagLength
            || !CryptographicOperations.FixedTimeEquals(Sign(query.Parameters, bytes.AsSpan(..^TagLength)), bytes.AsSpan(^TagLength..)))
        {
            return null;
        }

        using var reader = new BinaryReader(new MemoryStream(bytes, 0, bytes.Length - TagLength), Encoding.UTF8);
        var isBackward = reader.ReadBoolean();
        var value = reader.ReadBoolean() ? ReadValue(reader, (query.Filters ?? DataFilters.None).Sort.Kind) : null;
        var assetId = new Guid(reader.ReadBytes(16), bigEndian: true);
        var listingId = query.Source is null ? Guid.Empty : new Guid(reader.ReadBytes(16), bigEndian: true);

        // The canonical spelling: base64 has spare bits in its last character.
        return new DataCursor(Base64Url.EncodeToString(bytes), isBackward, new RowKey(value, assetId, listingId));
    }

    private static void WriteValue(BinaryWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                break;
            case string text:
                writer.Write(text);
                break;
            case double number:
                writer.Write(number);
                break;
            case int whole:
                writer.Write(whole);
                break;
            case DateTime time:
                writer.Write(time.Ticks);
                break;
            case Guid id:
                writer.Write(id.ToByteArray(bigEndian: true));
                break;
            case bool truth:
                writer.Write(truth);
                break;
            default:
                throw new ArgumentException($"A cursor cannot hold a {value.GetType()}.", nameof(value));
        }
    }

    private static object ReadValue(BinaryReader reader, FieldKind kind) => kind switch
    {
        FieldKind.Text => reader.ReadString(),
        FieldKind.Number => reader.ReadDouble(),
        FieldKind.Whole => reader.ReadInt32(),
        FieldKind.Time => new DateTime(reader.ReadInt64(), DateTimeKind.Utc),
        FieldKind.Id => new Guid(reader.ReadBytes(16), bigEndian: true),
        _ => reader.ReadBoolean(),
    };

    private byte[] Sign(string parameters, ReadOnlySpan<byte> payload)
    {
        var length = Encoding.UTF8.GetByteCount(parameters);
        var signed = new byte[sizeof(int) + length + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(signed, length);
        Encoding.UTF8.GetBytes(parameters, signed.AsSpan(sizeof(int)));
        payload.CopyTo(signed.AsSpan(sizeof(int) + length));
        return HMACSHA256.HashData(Key.Bytes, signed)[..TagLength];
    }

    private sealed record SigningKey(byte[] Bytes, string Fingerprint);
}
