using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Kasparro.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// Writes and reads cursors: base64url of direction, key and the first half of an HMAC-SHA256 over them and over the parameters that they
/// belong to, so that a cursor works with its own question alone. The signing key follows from configuration that all replicas share and that
/// outlives them: <c>Api:CursorKey</c>, else the operator key, else the catalogue's connection string.
/// </summary>
internal sealed class DataCursorCodec
{
    private const int TagLength = 16;
    private const int MaxTokenLength = 1_024;

    // Longer sort values are cut: the cursor then stands before its row's namesakes instead of among them, which no two real rows share.
    private const int MaxTextBytes = 512;

    private readonly byte[] _key;

    public DataCursorCodec(IConfiguration configuration, IOptions<ApiOptions> options)
    {
        var secret = FirstOf(options.Value.CursorKey, configuration["Operator:Key"], configuration.GetConnectionString(ResourceNames.Catalogue));
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: "kasparro /data cursor 1"u8.ToArray());
    }

    /// <summary>The token of a place in rows.</summary>
    /// <param name="parameters">What the rows are asked for by: <see cref="DataQuery.Parameters"/>.</param>
    /// <param name="key">The place.</param>
    /// <param name="isBackward">Whether the token leads to the rows before it.</param>
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

    /// <summary>Reads a token that was made for <paramref name="query"/>; null where it was not, or is not ours at all.</summary>
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

    private static string FirstOf(params ReadOnlySpan<string?> secrets)
    {
        foreach (var secret in secrets)
        {
            if (!string.IsNullOrEmpty(secret))
            {
                return secret;
            }
        }

        throw new InvalidOperationException($"ConnectionStrings:{ResourceNames.Catalogue} is not set.");
    }

    private static void WriteValue(BinaryWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                break;
            case string text:
                writer.Write(Cut(text));
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

    private static string Cut(string text)
    {
        while (Encoding.UTF8.GetByteCount(text) > MaxTextBytes)
        {
            text = text[..(char.IsHighSurrogate(text[(text.Length / 2) - 1]) ? (text.Length / 2) - 1 : text.Length / 2)];
        }

        return text;
    }

    private byte[] Sign(string parameters, ReadOnlySpan<byte> payload)
    {
        var length = Encoding.UTF8.GetByteCount(parameters);
        var signed = new byte[sizeof(int) + length + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(signed, length);
        Encoding.UTF8.GetBytes(parameters, signed.AsSpan(sizeof(int)));
        payload.CopyTo(signed.AsSpan(sizeof(int) + length));
        return HMACSHA256.HashData(_key, signed)[..TagLength];
    }
}
