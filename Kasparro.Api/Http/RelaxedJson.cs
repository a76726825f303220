using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kasparro.Api.Http;

/// <summary>JSON that writes text in any script unescaped, as ASP.NET Core's own results do.</summary>
internal static class RelaxedJson
{
    /// <summary>Creates the options of a serializer context, which makes them its own.</summary>
    public static JsonSerializerOptions CreateOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
