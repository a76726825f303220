using System.Text.Json.Serialization;

namespace Kasparro.Ingestion.Postgres;

/// <summary>Source-generated JSON metadata for the evidence of match decisions.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class EvidenceJson : JsonSerializerContext;
