using System.Text.Json.Serialization;

namespace Kasparro.Ingestion.Identity;

/// <summary>Source-generated metadata.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class IdentityJson : JsonSerializerContext;
