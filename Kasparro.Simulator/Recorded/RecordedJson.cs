using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kasparro.Simulator.Recorded;

[JsonSerializable(typeof(JsonElement))]
internal sealed partial class RecordedJson : JsonSerializerContext;
