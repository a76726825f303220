using System.Text.Json;

namespace Kasparro.Simulator.Wire;

internal static class JsonNumbers
{
    public static void WriteNumber(this Utf8JsonWriter json, ReadOnlySpan<byte> name, double value, NumberStyle style)
    {
        Span<byte> text = stackalloc byte[NumberText.MaxLength];
        var length = NumberText.Format(value, style, text);
        json.WritePropertyName(name);
        json.WriteRawValue(text[..length], skipInputValidation: true);
    }

    /// <summary>The number, or null where there is none.</summary>
    public static void WriteNumberOrNull(this Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value, NumberStyle style)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number, style);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
