using System.ComponentModel;

namespace Kasparro.Api.Resolve;

[Description("What ids name, in the order of the request.")]
internal sealed record ResolveResponse([property: Description("One result an id.")] IReadOnlyList<ResolvedId> Results)
{
    public static ResolveResponse Example { get; } = new(
    [
        new(
            "eip155:1/erc20:0xd26114cd6ee289accf82350c8d8487fedb8a0c07", IdStatus.Resolved, ResolvedAsset.Example, 0.99,
            ResolvedAsset.Example.Evidence, []),
        new("no-such-coin", IdStatus.NotFound, Asset: null, Confidence: null, [], []),
    ]);
}

[Description("What one id names.")]
internal sealed record ResolvedId(
    [property: Description("The id as sent.")] string Id,
    [property: Description("resolved, ambiguous (see candidates) or not_found.")] string Status,
    [property: Description("The asset; null unless resolved.")] ResolvedAsset? Asset,
    [property: Description("The confidence, 0 to 1; null unless resolved.")] double? Confidence,
    [property: Description("Why: the listings, contracts or merges that lead from the id to the asset.")] IReadOnlyList<string> Evidence,
    [property: Description("The assets that an ambiguous id can name.")] IReadOnlyList<ResolvedAsset> Candidates);

[Description("An asset that an id names; /assets/{id} shows the rest.")]
internal sealed record ResolvedAsset(
    [property: Description("The asset's id.")] Guid AssetId,
    [property: Description("The ticker symbol as the best source spells it; not unique.")] string Symbol,
    [property: Description("The name as the best source spells it.")] string Name,
    [property: Description("Whether any source still lists it as active.")] bool IsActive,
    [property: Description("Why the id names it.")] IReadOnlyList<string> Evidence)
{
    public static ResolvedAsset Example { get; } = new(
        new("5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55"), "OMG", "OMG Network", IsActive: true,
        ["contract ethereum:0xd26114cd6ee289accf82350c8d8487fedb8a0c07, named by coinpaprika"]);
}

[Description("An id that several assets share.")]
internal sealed record AmbiguousId(
    [property: Description("The id in the request.")] string Id,
    [property: Description("The assets that it can name.")] IReadOnlyList<ResolvedAsset> Candidates)
{
    public static AmbiguousId Example { get; } = new("bitcoin-token", [ResolvedAsset.Example]);
}

/// <summary>The outcomes of resolving an id.</summary>
internal static class IdStatus
{
    public const string Resolved = "resolved";
    public const string Ambiguous = "ambiguous";
    public const string NotFound = "not_found";
}
