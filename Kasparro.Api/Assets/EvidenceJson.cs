using System.Text.Json.Serialization;

namespace Kasparro.Api.Assets;

/// <summary>How <c>identity_decisions.evidence</c> is written.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class EvidenceJson : JsonSerializerContext;
