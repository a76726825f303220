using System.Text.Json.Serialization;

namespace Kasparro.Ingestion.Postgres;

/// <summary>Source-generated metadata.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class EvidenceJson : JsonSerializerContext;
