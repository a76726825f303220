using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Drift;

namespace Kasparro.Ingestion.Sources;

/// <summary>Reads one record of a JSON upstream: its canonical hash, whether PostgreSQL can store it, and its fields.</summary>
internal static class JsonRecord
{
    /// <summary>Nesting that a record may have; real ones have 3.</summary>
    public const int MaxDepth = 32;

    /// <summary>
    /// Walks the whole record once: hashes it, and refuses what jsonb would (NUL characters, half surrogate pairs, numbers beyond a double),
    /// since one such record would take its whole page down.
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

    /// <summary>A text field; null and absent are null.</summary>
    public static string? Text(JsonElement value, string field, RecordBuilder draft)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return draft.Reason is null ? value.GetString() : null; // What Walk refused may not be decodable.
            case JsonValueKind.Null:
                return null;
            default:
                draft.Reject(RejectionReason.WrongType, $"{field} is {Describe(value)}, not a text.");
                return null;
        }
    }

    /// <summary>A number field: number, null or, as CoinPaprika's specification has it, a text with a number or nothing in it.</summary>
    public static double? Number(JsonElement value, string field, RecordBuilder draft)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                return draft.Finite(field, value.GetDouble());
            case JsonValueKind.String:
                return draft.Reason is null ? draft.ParseNumber(field, value.GetString()) : null;
            case JsonValueKind.Null:
                return null;
            default:
                draft.Reject(RejectionReason.WrongType, $"{field} is {Describe(value)}, not a number.");
                return null;
        }
    }

    /// <summary>A time field in ISO 8601.</summary>
    public static DateTimeOffset? Time(JsonElement value, string field, RecordBuilder draft) =>
        Text(value, field, draft) is { } text ? draft.ParseTime(field, text) : null;

    /// <summary>A yes/no field.</summary>
    public static bool? Flag(JsonElement value, string field, RecordBuilder draft)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                return value.GetBoolean();
            case JsonValueKind.Null:
                return null;
            default:
                draft.Reject(RejectionReason.WrongType, $"{field} is {Describe(value)}, not true or false.");
                return null;
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
                var inner = default(ShapeHash); // Arrays are as long as they like: what is in them is no part of the shape.
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
                // The upstreams write one number as 20030493 today and 20030493.0 tomorrow: the value counts, not its spelling.
                if (draft.Finite("a number", element.GetDouble()) is { } number)
                {
                    hash.Add(number);
                }

                break;
            default:
                hash.Add((char)element.ValueKind);
                break;
        }
    }

    /// <summary>Refuses \u0000 and half surrogate pairs: valid JSON, but no text that PostgreSQL stores.</summary>
    private static void VetText(ReadOnlySpan<byte> raw, RecordBuilder draft)
    {
        if (!raw.Contains((byte)'\\'))
        {
            return; // No escape, and the whole record is valid UTF-8: nothing can be wrong.
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
