namespace Kasparro.Ingestion.Identity;

/// <summary>What identity is decided from: one listing and the contracts that its source names for it.</summary>
internal sealed class IdentityListing(
    Guid listingId,
    string source,
    string externalId,
    string symbol,
    string name,
    bool isActive,
    DateTimeOffset createdAt,
    IReadOnlySet<TokenContract>? contracts = null,
    ListingTraits? traits = null)
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

    public IReadOnlySet<TokenContract> Contracts { get; } = contracts ?? None;

    public ListingTraits Traits { get; } = traits ?? ListingTraits.Of(source, externalId, symbol, name);

    /// <summary>What it has in common with every listing that it could be one with, or that has a say in it.</summary>
    public IEnumerable<IdentityKey> Keys()
    {
        foreach (var key in Traits.Keys())
        {
            yield return key;
        }

        foreach (var contract in Contracts)
        {
            yield return IdentityKey.Of(contract);
        }
    }

    public override string ToString() => $"{source}/{externalId}";
}

/// <summary>A key that connects listings.</summary>
internal readonly record struct IdentityKey(IdentityKeyKind Kind, string Value)
{
    public static IdentityKey Of(TokenContract contract) => new(IdentityKeyKind.Contract, $"{contract.Platform}\n{contract.Address}");
}

/// <summary>What a key is made of.</summary>
internal enum IdentityKeyKind
{
    /// <summary><see cref="ListingTraits.MatchKey"/>.</summary>
    Match,

    /// <summary><see cref="ListingTraits.SlugKey"/>.</summary>
    Slug,

    /// <summary><see cref="ListingTraits.NameKey"/>.</summary>
    Name,

    /// <summary>A contract.</summary>
    Contract,
}
