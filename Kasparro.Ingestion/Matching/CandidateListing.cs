using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Matching;

/// <summary>What identity is decided from: one listing and the contracts that its source names for it.</summary>
internal sealed class CandidateListing(
    Guid listingId,
    string source,
    string externalId,
    string symbol,
    string name,
    bool isActive,
    DateTimeOffset createdAt,
    IReadOnlySet<TokenContract>? contracts = null,
    ListingTraits? traits = null,
    PriceObservation market = default,
    bool isDelisted = false)
{
    private static readonly HashSet<TokenContract> None = [];

    public Guid ListingId => listingId;

    public string Source => source;

    public string ExternalId => externalId;

    public string Symbol => symbol;

    public string Name => name;

    public bool IsActive => isActive;

    /// <summary>When it was first seen: the older asset keeps its id when two become one.</summary>
    public DateTimeOffset CreatedAt => createdAt;

    /// <summary>Whether its source no longer lists it.</summary>
    public bool IsDelisted => isDelisted;

    /// <summary>What its source last said of its market.</summary>
    public PriceObservation Market => market;

    public IReadOnlySet<TokenContract> Contracts { get; } = contracts ?? None;

    public ListingTraits Traits { get; } = traits ?? ListingTraits.From(source, externalId, symbol, name);

    /// <summary>What it has in common with every listing that it could be one with, or that has a say in it.</summary>
    public IEnumerable<BlockingKey> Keys()
    {
        foreach (var key in Traits.Keys())
        {
            yield return key;
        }

        foreach (var contract in Contracts)
        {
            yield return BlockingKey.From(contract);
        }
    }

    public override string ToString() => $"{source}/{externalId}";
}
