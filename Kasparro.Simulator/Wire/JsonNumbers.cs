using System.Text.Json;

namespace Kasparro.Simulator.Wire;

/// <summary>Writes numbers in the formats of upstreams, or null.</summary>
internal static class JsonNumbers
{
    public static void WriteNumber(this Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value, NumberStyle style)
    {
        json.WritePropertyName(name);
        json.WriteNumberValue(value, style);
    }

    public static void WriteNumberValue(this Utf8JsonWriter json, double? value, NumberStyle style)
    {
        if (value is { } number)
        {
            Span<byte> text = stackalloc byte[NumberText.MaxLength];
            json.WriteRawValue(text[..NumberText.Format(number, style, text)], skipInputValidation: true);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
