using System.Text.Json.Serialization.Metadata;

namespace Kasparro.Api.Http;

internal static class JsonExtensions
{
    /// <summary>Reads and writes JSON bodies with the source-generated metadata of <paramref name="types"/>.</summary>
    public static void AddJson(this WebApplicationBuilder builder, IJsonTypeInfoResolver types) =>
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, types));
}
