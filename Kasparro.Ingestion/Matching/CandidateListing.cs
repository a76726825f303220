using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Matching;

/// <summary>A listing as entity resolution sees it, with the contracts that its source names for it.</summary>
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

    /// <summary>When it was first seen; when two assets are merged, the older one keeps its id.</summary>
    public DateTimeOffset CreatedAt => createdAt;

    /// <summary>Whether its source no longer lists it.</summary>
    public bool IsDelisted => isDelisted;

    /// <summary>Its market, as its source last reported it.</summary>
    public PriceObservation Market => market;

    public IReadOnlySet<TokenContract> Contracts { get; } = contracts ?? None;

    public ListingTraits Traits { get; } = traits ?? ListingTraits.From(source, externalId, symbol, name);

    /// <summary>
    /// Returns its blocking keys. It shares at least one with every listing that it could be matched with, or that affects its match.
    /// </summary>
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
