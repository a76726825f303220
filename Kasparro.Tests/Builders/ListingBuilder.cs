using Kasparro.Ingestion.Matching;

namespace Kasparro.Tests.Builders;

/// <summary>Makes listings for tests.</summary>
internal static class ListingBuilder
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="externalId">CoinPaprika's id, made of symbol and slug.</param>
    /// <param name="symbol">The symbol.</param>
    /// <param name="name">The name.</param>
    /// <param name="contracts">Contracts such as <c>ethereum:0xA</c>.</param>
    public static CandidateListing Paprika(string externalId, string symbol, string name, params string[] contracts) =>
        Create(SourceNames.CoinPaprika, externalId, symbol, name, isActive: true, day: 0, contracts);

    public static CandidateListing Inactive(string externalId, string symbol, string name, params string[] contracts) =>
        Create(SourceNames.CoinPaprika, externalId, symbol, name, isActive: false, day: 0, contracts);

    public static CandidateListing Gecko(string externalId, string symbol, string name, params string[] contracts) =>
        Create(SourceNames.CoinGecko, externalId, symbol, name, isActive: true, day: 0, contracts);

    /// <summary>Makes a listing that CoinGecko has delisted.</summary>
    public static CandidateListing Delisted(string externalId, string symbol, string name, params string[] contracts)
    {
        var listing = Create(SourceNames.CoinGecko, externalId, symbol, name, isActive: false, day: 0, contracts);
        return new(listing.ListingId, listing.Source, externalId, symbol, name, isActive: false, listing.CreatedAt, listing.Contracts,
            isDelisted: true);
    }

    public static CandidateListing Create(
        string source, string externalId, string symbol, string name, bool isActive, int day, params IEnumerable<string> contracts) => new(
        StableId.ForListing(source, externalId),
        source,
        externalId,
        symbol,
        name,
        isActive,
        Start.AddDays(day),
        contracts.Select(contract => contract.Split(':')).Select(parts => TokenContract.From(parts[0], parts[1])!.Value).ToHashSet());

    /// <summary>Gets the rule that unites the two listings, or null if they are not united.</summary>
    public static string? GetRule(this Clustering partition, CandidateListing left, CandidateListing right)
    {
        var decision = partition.Decisions.SingleOrDefault(decision => decision.Left == left && decision.Right == right);
        var areOne = partition.Assets[left.ListingId] == partition.Assets[right.ListingId];
        Assert.Equal(decision?.Unites ?? areOne, areOne);
        return decision is { Unites: true } ? decision.Rule : null;
    }

    /// <summary>Gets the reason why the two listings are not united, or null if there was no decision about them.</summary>
    public static string? GetRefusal(this Clustering partition, CandidateListing left, CandidateListing right) =>
        partition.Decisions.SingleOrDefault(decision => decision.Left == left && decision.Right == right)?.Reason;
}
