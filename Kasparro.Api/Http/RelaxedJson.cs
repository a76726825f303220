using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kasparro.Api.Http;

internal static class RelaxedJson
{
    /// <summary>
    /// Creates options that write text in any script unescaped. Each call returns a new instance, since a serializer context owns its
    /// options.
    /// </summary>
    public static JsonSerializerOptions CreateOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
