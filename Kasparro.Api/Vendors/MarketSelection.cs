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

/// <summary>
/// Which assets a vendor's route reads, and which of their values. Without ids, names, symbols and addresses: all assets. With several of
/// them, ids count, otherwise addresses, otherwise names.
/// </summary>
/// <param name="Source">The vendor as a source, whose ids the assets are shown with.</param>
/// <param name="IsMirror">Whether to read only the vendor's own listings, with the vendor's own values.</param>
internal sealed record MarketSelection(string Source, bool IsMirror)
{
    /// <summary>Ids of the vendor or of assets.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    public IReadOnlyList<string>? Names { get; init; }

    public IReadOnlyList<string>? Symbols { get; init; }

    /// <summary>Whether to read every asset with a symbol rather than only the largest.</summary>
    public bool IsEveryToken { get; init; }

    /// <summary>Normalised addresses of contracts.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>The names under which the platform of the addresses may be stored.</summary>
    public IReadOnlyList<string> Platforms { get; init; } = [];

    public MarketOrder Order { get; init; }

    public long Offset { get; init; }

    /// <summary>The maximum number of rows; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>The ages of the past quotes to compare with.</summary>
    public IReadOnlyList<PastWindow> Windows { get; init; } = [];

    /// <summary>The currencies that past quotes are converted into.</summary>
    public IEnumerable<string> Currencies { get; init; } = [];

    /// <summary>Whether to read the highest and lowest price of the last 24 hours.</summary>
    public bool HasRange { get; init; }

    /// <summary>Whether to read the hourly prices of the last seven days.</summary>
    public bool HasSparkline { get; init; }

    /// <summary>Whether to read which assets have a logo.</summary>
    public bool HasLogo { get; init; }

    /// <summary>Whether to read contracts.</summary>
    public bool HasContracts { get; init; }

    /// <summary>Whether all rows are selected, in pages or at once.</summary>
    public bool IsAll => (Ids ?? Names ?? Symbols ?? Addresses) is null;
}
