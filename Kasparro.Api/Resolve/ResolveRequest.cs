using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Resolve;

/// <summary>A request to resolve ids, by GET.</summary>
internal sealed record ResolveRequest(
    [property: FromQuery(Name = "id"),
        Description("An id in any vocabulary, such as coingecko:bitcoin or eip155:1/slip44:60. The parameter may be given several times.")]
    [property: MinLength(1), Expected("must be an id")]
    string[] Id);

[Description("Ids to resolve.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ResolveBody([property: Description("At most 10000 ids, in any vocabularies.")] IReadOnlyList<string>? Ids)
{
    public const int MaxIds = 10_000;

    public static ResolveBody Example { get; } =
        new(["coinpaprika:btc-bitcoin", "coingecko:bitcoin", "eip155:1/slip44:60", "1:0xd26114cd6ee289accf82350c8d8487fedb8a0c07"]);
}
