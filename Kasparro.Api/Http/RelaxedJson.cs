using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kasparro.Api.Http;

internal static class RelaxedJson
{
    /// <summary>
    /// The options of responses that have texts of all scripts as they are, not as escapes; new ones, since a context keeps its own.
    /// </summary>
    public static JsonSerializerOptions CreateOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
