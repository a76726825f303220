using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Drift;

namespace Kasparro.Ingestion.Sources;

/// <summary>Reads a record of a JSON upstream: its canonical hash, whether PostgreSQL can store it, and its fields.</summary>
internal static class JsonRecord
{
    /// <summary>The maximum nesting depth of a record; real records have 3.</summary>
    public const int MaxDepth = 32;

    /// <summary>
    /// How far ahead of the local clock an upstream's clock may be; in practice they differ by seconds. A quote with a future time would
    /// block all correct quotes until then.
    /// </summary>
    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(10);

    /// <summary>The maximum number of decimals of PostgreSQL's numeric, and so of jsonb.</summary>
    private const int MaxDecimals = 16_383;

    /// <summary>The maximum number of digits before the decimal point.</summary>
    private const int MaxWholeDigits = 131_072;

    /// <summary>
    /// Walks the whole record once: hashes it, and rejects what jsonb would reject (NUL characters, unpaired surrogates, numbers out of
    /// range), since a single such record would fail its whole page.
    /// </summary>
    public static Guid HashAndVet(
        JsonElement element, ReadOnlySpan<byte> payload, ContentHasher hash, RecordBuilder draft, out ShapeHash shape)
    {
        shape = default;
        if (!Utf8.IsValid(payload))
        {
            draft.Reject(RejectionReason.InvalidText, "the record is not valid UTF-8.");
            return Guid.Empty;
        }

        Walk(element, hash, draft, depth: 0, ref shape);
        return hash.Finish();
    }

    /// <summary>A text field; null if null or absent.</summary>
    public static string? Text(JsonElement value, string field, RecordBuilder draft)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return draft.Reason is null ? value.GetString() : null; // A text that Walk rejected may not be decodable.
            case JsonValueKind.Null:
                return null;
            default:
                draft.Reject(RejectionReason.WrongType, $"{field} is {Describe(value)}, not a text.");
                return null;
        }
    }

    /// <summary>A text outside of record lists; null for any other kind, and for text with an unpaired surrogate.</summary>
    public static string? TextOrNull(JsonElement value) => value.ValueKind is JsonValueKind.String ? Decode(value.GetString) : null;

    /// <summary>
    /// A number outside of record lists, in the forms that upstreams use: a number, null, or a text that holds a number or is blank.
    /// </summary>
    public static bool TryNumber(JsonElement value, out double? number)
    {
        number = value.ValueKind is JsonValueKind.Number ? value.GetDouble() : null;
        return value.ValueKind is JsonValueKind.Number or JsonValueKind.Null
            || (value.ValueKind is JsonValueKind.String && TryParse(TextOrNull(value), out number));
    }

    /// <summary>The name of a property, or null if it has an unpaired surrogate.</summary>
    public static string? NameOrNull(JsonProperty property) => Decode(() => property.Name);

    /// <summary>
    /// An optional number field: a number, null or, as in CoinPaprika's specification, a text that holds a number or is blank.
    /// </summary>
    public static double? Number(JsonElement value, string field, RecordBuilder draft)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                var given = value.GetDouble();
                return RecordBuilder.IsUsable(given) ? given : draft.AcceptNumber(field, given, value.GetRawText());
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.String when draft.Reason is null && TryParse(value.GetString(), out var number):
                return number is { } known ? draft.AcceptNumber(field, known, value.GetString()) : null;
            default:
                Discard(value, field, "number", draft);
                return null;
        }
    }

    /// <summary>The price field: like <see cref="Number"/>, but an unusable value rejects the record.</summary>
    public static double? Price(JsonElement value, string field, RecordBuilder draft)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                return draft.RequirePrice(field, value.GetDouble());
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.String when draft.Reason is null:
                if (TryParse(value.GetString(), out var number))
                {
                    return number is { } known ? draft.RequirePrice(field, known) : null;
                }

                draft.Reject(RejectionReason.BadNumber, $"{field} is not a number: '{RecordBuilder.Shorten(value.GetString())}'.");
                return null;
            case JsonValueKind.String:
                return null;
            default:
                draft.Reject(RejectionReason.WrongType, $"{field} is {Describe(value)}, not a number.");
                return null;
        }
    }

    /// <summary>An optional time field in ISO 8601.</summary>
    public static DateTimeOffset? Time(JsonElement value, string field, RecordBuilder draft)
    {
        if (value.ValueKind is JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.String && draft.Reason is null)
        {
            var text = value.GetString();
            if (string.IsNullOrWhiteSpace(text))
            {
                return null;
            }

            if (IsoTime.TryParse(text, out var time))
            {
                if (draft.CanBeQuotedAt(time, MaxClockSkew))
                {
                    return time;
                }

                draft.Discard(field, "time", "time out of range", text);
                return null;
            }
        }

        Discard(value, field, "time", draft);
        return null;
    }

    /// <summary>An optional text field.</summary>
    public static string? OptionalText(JsonElement value, string field, RecordBuilder draft)
    {
        if (value.ValueKind is JsonValueKind.String or JsonValueKind.Null)
        {
            return Text(value, field, draft);
        }

        Discard(value, field, "text", draft);
        return null;
    }

    /// <summary>An optional boolean field: a boolean, null, or an equivalent text or number.</summary>
    public static bool? Flag(JsonElement value, string field, RecordBuilder draft)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                return value.GetBoolean();
            case JsonValueKind.Number when value.GetDouble() is 0 or 1:
                return value.GetDouble() is 1;
            case JsonValueKind.String when draft.Reason is null && value.GetString()!.Trim().ToUpperInvariant() is "TRUE" or "YES" or "1":
                return true;
            case JsonValueKind.String when draft.Reason is null && value.GetString()!.Trim().ToUpperInvariant() is "FALSE" or "NO" or "0":
                return false;
            case JsonValueKind.Null:
                return null;
            default:
                Discard(value, field, "flag", draft);
                return null;
        }
    }

    /// <summary>Discards an optional value; the record is loaded without it.</summary>
    public static void Discard(JsonElement value, string field, string expected, RecordBuilder draft)
    {
        if (draft.Reason is null)
        {
            draft.Discard(field, expected, ExpectedSchema.Describe(ExpectedSchema.GetKind(value)), value.GetRawText());
        }
    }

    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a flag",
        _ => "null",
    };

    private static void Walk(JsonElement element, ContentHasher hash, RecordBuilder draft, int depth, ref ShapeHash shape)
    {
        if (depth > MaxDepth)
        {
            draft.Reject(RejectionReason.TooDeep, $"the record is nested deeper than {MaxDepth}.");
            return;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                hash.Add('{');
                foreach (var property in element.EnumerateObject())
                {
                    var name = JsonMarshal.GetRawUtf8PropertyName(property);
                    VetText(name, draft);
                    hash.Add(name);
                    shape.Add(name, property.Value.ValueKind);
                    Walk(property.Value, hash, draft, depth + 1, ref shape);
                }

                hash.Add('}');
                shape.EndObject();
                break;
            case JsonValueKind.Array:
                hash.Add('[');
                var inner = default(ShapeHash); // Arrays vary in length, so their items do not count for the shape.
                foreach (var item in element.EnumerateArray())
                {
                    Walk(item, hash, draft, depth + 1, ref inner);
                }

                hash.Add(']');
                break;
            case JsonValueKind.String:
                var text = JsonMarshal.GetRawUtf8Value(element)[1..^1];
                VetText(text, draft);
                hash.Add('"');
                hash.Add(text);
                break;
            case JsonValueKind.Number:
                // The upstreams write a number as 20030493 one day and 20030493.0 the next: its value is hashed, not its spelling.
                var raw = JsonMarshal.GetRawUtf8Value(element);
                if (element.GetDouble() is var number && double.IsFinite(number))
                {
                    hash.Add(number);
                }
                else
                {
                    hash.Add(raw);
                }

                if (!IsStorable(raw))
                {
                    draft.Reject(
                        RejectionReason.NumberOutOfRange,
                        $"a number has more than {MaxDecimals} decimals or {MaxWholeDigits} digits before the point.");
                }

                break;
            default:
                hash.Add((char)element.ValueKind);
                break;
        }
    }

    /// <summary>Parses a number sent as text; blank is null.</summary>
    private static bool TryParse(string? text, out double? number)
    {
        number = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            return true;
        }

        var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value);
        number = isNumber ? value : null;
        return isNumber;
    }

    /// <summary>
    /// Whether PostgreSQL's numeric can hold a number, given its spelling: <c>1e-20000</c> is 0 as a double, but not a valid numeric.
    /// </summary>
    private static bool IsStorable(ReadOnlySpan<byte> number)
    {
        var e = number.IndexOfAny((byte)'e', (byte)'E');
        if (e < 0 && number.Length <= MaxDecimals)
        {
            return true;
        }

        var exponent = 0;
        if (e >= 0 && !int.TryParse(number[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            return false;
        }

        var mantissa = e < 0 ? number : number[..e];
        var point = mantissa.IndexOf((byte)'.');
        var whole = point < 0 ? mantissa.Length : point;
        var decimals = point < 0 ? 0 : mantissa.Length - point - 1;
        return decimals - (long)exponent <= MaxDecimals && whole + (long)exponent <= MaxWholeDigits;
    }

    private static string? Decode(Func<string?> text)
    {
        try
        {
            return text();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Rejects \u0000 and unpaired surrogates: they are valid JSON, but PostgreSQL cannot store them as text.</summary>
    private static void VetText(ReadOnlySpan<byte> raw, RecordBuilder draft)
    {
        if (!raw.Contains((byte)'\\'))
        {
            return; // Without an escape, text of a valid UTF-8 record is always valid.
        }

        Span<byte> quoted = raw.Length <= 1024 ? stackalloc byte[raw.Length + 2] : new byte[raw.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        raw.CopyTo(quoted[1..]);
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        try
        {
            if (reader.GetString()!.Contains('\0'))
            {
                draft.Reject(RejectionReason.NulCharacter, "a text has a NUL character.");
            }
        }
        catch (InvalidOperationException)
        {
            draft.Reject(RejectionReason.InvalidText, "a text has half of a surrogate pair.");
        }
    }
}
