namespace Kasparro.Api.Vendors;

/// <summary>The orders of rows.</summary>
internal enum MarketOrder
{
    MarketCapDescending,
    MarketCapAscending,
    VolumeDescending,
    VolumeAscending,
    IdAscending,
    IdDescending,
    Rank,
}

/// <summary>Which assets a vendor's route is asked for, and what of them. Without ids, names, symbols and addresses: all.</summary>
/// <param name="Source">The vendor as a source: its ids are what assets are called.</param>
/// <param name="IsMirror">Whether only what the vendor itself lists is asked for, with the vendor's own values.</param>
internal sealed record MarketSelection(string Source, bool IsMirror)
{
    /// <summary>Ids of the vendor, or of assets.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    public IReadOnlyList<string>? Names { get; init; }

    public IReadOnlyList<string>? Symbols { get; init; }

    /// <summary>Whether every asset with a symbol counts, not only the largest.</summary>
    public bool IsEveryToken { get; init; }

    /// <summary>Contracts' addresses, normalised.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>What the addresses' platform may be stored as.</summary>
    public IReadOnlyList<string> Platforms { get; init; } = [];

    public MarketOrder Order { get; init; }

    public long Offset { get; init; }

    /// <summary>How many rows at the most; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>The past quotes to be compared with.</summary>
    public IReadOnlyList<PastWindow> Windows { get; init; } = [];

    /// <summary>Whether the highest and lowest price of the last 24 hours are asked for.</summary>
    public bool HasRange { get; init; }

    /// <summary>Whether the hourly prices of the last seven days are asked for.</summary>
    public bool HasSparkline { get; init; }

    /// <summary>Whether it is asked which assets have a logo.</summary>
    public bool HasLogo { get; init; }

    /// <summary>Whether contracts are asked for.</summary>
    public bool HasContracts { get; init; }

    /// <summary>Whether all rows are asked for, in pages or at once.</summary>
    public bool IsAll => (Ids ?? Names ?? Symbols ?? Addresses) is null;
}
