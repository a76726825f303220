using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kasparro.Ingestion.Loading.TokenLists;

/// <summary>Writes and reads token lists in Uniswap's format.</summary>
internal static class TokenListJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a list.</summary>
    public static string Write(string platform, long chainId, TokenListVersion version, DateTimeOffset changedAt,
        IReadOnlyCollection<ListedToken> tokens)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("name"u8, GetName(platform, chainId));
            json.WriteString("timestamp"u8, changedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteStartObject("version"u8);
            json.WriteNumber("major"u8, version.Major);
            json.WriteNumber("minor"u8, version.Minor);
            json.WriteNumber("patch"u8, version.Patch);
            json.WriteEndObject();
            json.WriteStartArray("tokens"u8);
            foreach (var token in tokens)
            {
                json.WriteStartObject();
                json.WriteNumber("chainId"u8, chainId);
                json.WriteString("address"u8, token.Address);
                json.WriteNumber("decimals"u8, token.Decimals);
                json.WriteString("name"u8, token.Name);
                json.WriteString("symbol"u8, token.Symbol);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads the tokens of a list that <see cref="Write"/> wrote; an empty text has none.</summary>
    public static IReadOnlyList<ListedToken> ReadTokens(string list)
    {
        if (list.Length == 0)
        {
            return [];
        }

        using var json = JsonDocument.Parse(list);
        return
        [
            .. json.RootElement.GetProperty("tokens").EnumerateArray().Select(token => new ListedToken(
                token.GetProperty("address").GetString()!, token.GetProperty("symbol").GetString()!, token.GetProperty("name").GetString()!,
                token.GetProperty("decimals").GetInt16())),
        ];
    }

    // The schema allows at most 30 letters, digits and spaces.
    private static string GetName(string platform, long chainId)
    {
        var words = string.Concat(platform.Select(character => char.IsAsciiLetterOrDigit(character) ? character : ' '));
        var name = $"Kasparro {words.Trim()}";
        return name.Length <= 30 ? name : string.Create(CultureInfo.InvariantCulture, $"Kasparro {chainId}");
    }
}
