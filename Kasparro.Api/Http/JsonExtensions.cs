using System.Text.Json.Serialization.Metadata;

namespace Kasparro.Api.Http;

internal static class JsonExtensions
{
    /// <summary>Has bodies read and written as <paramref name="types"/> say, which were generated at compile time.</summary>
    public static void AddJson(this WebApplicationBuilder builder, IJsonTypeInfoResolver types) =>
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, types));
}
