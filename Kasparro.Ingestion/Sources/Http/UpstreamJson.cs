using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>Source-generated metadata; a record nested too deeply is rejected individually (<see cref="JsonRecord.MaxDepth"/>).</summary>
[JsonSourceGenerationOptions(MaxDepth = 512)]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class UpstreamJson : JsonSerializerContext;
