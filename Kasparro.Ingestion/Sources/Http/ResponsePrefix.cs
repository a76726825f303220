using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>The kind of a response's body, judged by its first bytes.</summary>
internal enum BodyShape
{
    /// <summary>No bytes, or only white space.</summary>
    Empty,

    /// <summary>A JSON array, judged by its first character: the response of most routes.</summary>
    Array,

    /// <summary>
    /// A JSON object, with which both upstreams report errors, sometimes with status 200; also an error object within an array, which would
    /// otherwise pass for a short list.
    /// </summary>
    Object,

    /// <summary>HTML: a proxy's page, usually Cloudflare's.</summary>
    Html,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>The first bytes of a response, and the error that they report.</summary>
internal sealed partial class ResponsePrefix
{
    /// <summary>How much of a body is examined; the longest recorded error has 1 KB.</summary>
    public const int MaxLength = 4096;

    /// <summary>How much of a list is examined: the beginning of its first record shows whether it is an error.</summary>
    public const int ListLength = 64;

    private const int MaxShown = 300;

    private ResponsePrefix(BodyShape shape, string text, int? errorCode)
    {
        Shape = shape;
        Text = text;
        ErrorCode = errorCode;
    }

    public BodyShape Shape { get; }

    /// <summary>The text, with white space collapsed.</summary>
    public string Text { get; }

    /// <summary>The error code in the body: CoinGecko's (<c>429</c>, <c>10011</c>), or Cloudflare's (<c>1015</c>, <c>1020</c>).</summary>
    public int? ErrorCode { get; }

    public bool IsCloudflare => Text.Contains("cloudflare", StringComparison.OrdinalIgnoreCase)
        || Text.StartsWith("error code: 1", StringComparison.OrdinalIgnoreCase)
        || Text.Contains("Just a moment", StringComparison.OrdinalIgnoreCase);

    /// <summary>The body's beginning as shown to operators, without characters that could affect a terminal.</summary>
    public string Shown => Text.Length switch
    {
        0 => "no body",
        <= MaxShown => Printable(Text),
        _ => $"{Printable(UnicodeText.Truncate(Text, MaxShown).ToString())}…",
    };

    public static ResponsePrefix From(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith(Encoding.UTF8.Preamble))
        {
            head = head[Encoding.UTF8.Preamble.Length..];
        }

        if (FindCoding(head) is { } coding)
        {
            return new(BodyShape.Other, $"a body in {coding}, which its Content-Encoding does not say, or that was compressed twice", null);
        }

        var text = string.Join(' ', Encoding.UTF8.GetString(head).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text switch
        {
            "" => new(BodyShape.Empty, text, null),
            ['[', ..] when !ErrorInList().IsMatch(text) => new(BodyShape.Array, text, null),
            ['{' or '[', ..] => new(BodyShape.Object, text, ReadErrorCode(head)),
            ['<', ..] => new(BodyShape.Html, text, ReadCloudflareCode(text)),
            _ => new(BodyShape.Other, text, ReadCloudflareCode(text)),
        };
    }

    /// <summary>The content coding indicated by the first bytes; Brotli has no signature.</summary>
    private static string? FindCoding(ReadOnlySpan<byte> head) => head switch
    {
        [0x1F, 0x8B, ..] => "gzip (it begins with 1F 8B)",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "zstd (it begins with 28 B5 2F FD)",
        [0x78, 0x01 or 0x9C or 0xDA, ..] => "deflate (it begins with 78)",
        _ => null,
    };

    private static string Printable(string text) =>
        string.Create(text.Length, text, static (shown, text) =>
        {
            for (var index = 0; index < text.Length; index++)
            {
                shown[index] = char.IsControl(text[index]) ? '\uFFFD' : text[index];
            }
        });

    public bool Says(string words) => Text.Contains(words, StringComparison.OrdinalIgnoreCase);

    /// <summary>CoinGecko's <c>error_code</c> at any depth: usually within <c>status</c>, at the top for 10010 and 10011.</summary>
    private static int? ReadErrorCode(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, isFinalBlock: false, state: default);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is not JsonTokenType.PropertyName || !reader.ValueTextEquals("error_code"u8) || !reader.Read())
                {
                    continue;
                }

                if (reader.TokenType is JsonTokenType.Number && reader.TryGetInt32(out var number))
                {
                    return number;
                }

                if (reader.TokenType is JsonTokenType.String
                    && int.TryParse(reader.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out number))
                {
                    return number;
                }
            }
        }
        catch (JsonException)
        {
            return null; // Broken JSON has no code; the caller handles it.
        }

        return null;
    }

    private static int? ReadCloudflareCode(string text)
    {
        var match = CloudflareCode().Match(text);
        return match.Success ? int.Parse(match.Groups["code"].ValueSpan, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex("error(?: |-)code[^0-9]{1,12}(?<code>1[0-9]{3})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex CloudflareCode();

    [GeneratedRegex("""^\[ ?\{ ?"(error"|error_code"|status" ?: ?\{ ?"error)""", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex ErrorInList();
}
