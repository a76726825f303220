using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kasparro.Simulator.Faults;

/// <summary>Corrupts the content of a response, which remains valid JSON. Anything but an array of objects is left unchanged.</summary>
internal static class BodyRewriter
{
    /// <summary>Repeats the first tenth at the end, as when coins move between pages.</summary>
    public static ReadOnlyMemory<byte> Duplicate(ReadOnlyMemory<byte> body) =>
        Elements(body) is { Count: > 0 } elements ? Join(elements.Concat(elements.Take((elements.Count + 9) / 10))) : body;

    /// <summary>Omits the element with an id, or the last tenth.</summary>
    public static ReadOnlyMemory<byte> Omit(ReadOnlyMemory<byte> body, string? id)
    {
        if (Elements(body) is not { Count: > 0 } elements)
        {
            return body;
        }

        var kept = id is null
            ? elements.Take(elements.Count - ((elements.Count + 9) / 10))
            : elements.Where(element => GetId(JsonNode.Parse(element.Span)) != id);
        return Join(kept);
    }

    /// <summary>
    /// Replaces the value of a field, in the element with an id or in all elements; a dot in the field leads into an object.
    /// </summary>
    public static ReadOnlyMemory<byte> Set(ReadOnlyMemory<byte> body, Fault fault)
    {
        if (JsonNode.Parse(body.Span) is not JsonArray array)
        {
            return body;
        }

        var path = (fault.Field ?? "symbol").Split('.');
        foreach (var element in array.OfType<JsonObject>().Where(element => fault.Id is null || GetId(element) == fault.Id))
        {
            var parent = path[..^1].Aggregate((JsonNode?)element, (node, name) => (node as JsonObject)?[name]);
            if (parent is JsonObject target)
            {
                target[path[^1]] = JsonNode.Parse(fault.Value ?? "null");
            }
        }

        return Encoding.UTF8.GetBytes(array.ToJsonString());
    }

    /// <summary>Reverses the order of the elements.</summary>
    public static ReadOnlyMemory<byte> Reorder(ReadOnlyMemory<byte> body) =>
        Elements(body) is { Count: > 0 } elements ? Join(Enumerable.Reverse(elements)) : body;

    public static ReadOnlyMemory<byte> Drift(ReadOnlyMemory<byte> body, Fault fault)
    {
        if (JsonNode.Parse(body.Span) is not JsonArray array)
        {
            return body;
        }

        var field = fault.Field ?? "symbol";
        foreach (var element in array.OfType<JsonObject>())
        {
            Drift(element, field, fault);
        }

        return Encoding.UTF8.GetBytes(array.ToJsonString());
    }

    private static string? GetId(JsonNode? element) =>
        element is JsonObject properties && properties["id"] is JsonValue value && value.TryGetValue<string>(out var id) ? id : null;

    private static void Drift(JsonObject element, string field, Fault fault)
    {
        if (fault.Drift == SchemaDrift.Add)
        {
            element[fault.NewField ?? "sentiment_score"] = 0.5;
            return;
        }

        if (!element.TryGetPropertyValue(field, out var value))
        {
            return;
        }

        element.Remove(field);
        switch (fault.Drift)
        {
            case SchemaDrift.Rename:
                element[fault.NewField ?? $"{field}_v2"] = value;
                break;
            case SchemaDrift.Retype:
                element[field] = value?.GetValueKind() == JsonValueKind.Number
                    ? value.ToJsonString()
                    : new JsonObject { ["value"] = value };
                break;
        }
    }

    /// <summary>Reads the elements as they were written, with the original texts of numbers.</summary>
    private static List<ReadOnlyMemory<byte>>? Elements(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return null;
        }

        var elements = new List<ReadOnlyMemory<byte>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            elements.Add(body[start..(int)reader.BytesConsumed]);
        }

        return elements;
    }

    private static ReadOnlyMemory<byte> Join(IEnumerable<ReadOnlyMemory<byte>> elements)
    {
        var body = new MemoryStream();
        body.WriteByte((byte)'[');
        foreach (var element in elements)
        {
            body.Write(body.Length > 1 ? ","u8 : []);
            body.Write(element.Span);
        }

        body.WriteByte((byte)']');
        return body.ToArray();
    }
}
