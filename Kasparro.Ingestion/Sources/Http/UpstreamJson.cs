using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>Source-generated metadata; a record nested absurdly deep is refused by itself (<see cref="JsonRecord.MaxDepth"/>).</summary>
[JsonSourceGenerationOptions(MaxDepth = 512)]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class UpstreamJson : JsonSerializerContext;
