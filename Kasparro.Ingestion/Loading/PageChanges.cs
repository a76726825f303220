using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Identity;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;

namespace Kasparro.Ingestion.Loading;

/// <summary>What one page changes, worked out before its transaction begins: new and changed listings, their quotes and raw records.</summary>
internal sealed class PageChanges(ActiveRun run, ISourceStream stream, SourcePage page, DateTimeOffset now)
{
    private readonly List<(Guid ListingId, Guid FormerAssetId)> _formerAssets = [];

    public ActiveRun Run => run;

    public string Stream => stream.Name;

    public DateTimeOffset FetchedAt => page.FetchedAt;

    public DateTimeOffset Now => now;

    public List<Listing> Inserted { get; } = [];

    public List<Listing> Updated { get; } = [];

    public List<Quote> Quotes { get; } = [];

    /// <summary>Quotes of listings that were known: one at the same time may be there already.</summary>
    public List<Quote> LaterQuotes { get; } = [];

    public List<(Guid ListingId, SourceRecord Record)> RawRecords { get; } = [];

    public List<string> FormerMatchKeys { get; } = [];

    public bool Any => Inserted.Count + Updated.Count > 0;

    public IReadOnlyCollection<Listing> Listings => [.. Inserted, .. Updated];

    public void Insert(Guid listingId, SourceRecord record)
    {
        var listing = new Listing
        {
            ListingId = listingId,
            Source = run.Source,
            ExternalId = record.ExternalId,
            AssetId = listingId,
            Symbol = record.Symbol,
            SymbolKey = MatchKey.OfSymbol(record.Symbol),
            Name = record.Name,
            IsActive = record.IsActive,
            CreatedAt = now,
        };
        Apply(listing, record);
        Inserted.Add(listing);
        if (HasQuote(record))
        {
            Quotes.Add(QuoteOf(listing, record));
        }
    }

    public void Update(Listing listing, SourceRecord record)
    {
        var formerKey = listing.MatchKey;
        var formerQuote = (listing.PriceUsd, listing.MarketCapUsd, listing.Volume24hUsd);
        _formerAssets.Add((listing.ListingId, listing.AssetId));
        Apply(listing, record);
        Updated.Add(listing);
        if (formerKey is not null && formerKey != listing.MatchKey)
        {
            FormerMatchKeys.Add(formerKey);
        }

        if (HasQuote(record) && formerQuote != (listing.PriceUsd, listing.MarketCapUsd, listing.Volume24hUsd))
        {
            LaterQuotes.Add(QuoteOf(listing, record));
        }
    }

    /// <summary>Assets that a changed listing has left; to be asked after identity was resolved.</summary>
    public IEnumerable<Guid> FormerAssets()
    {
        var assets = Updated.ToDictionary(listing => listing.ListingId, listing => listing.AssetId);
        return _formerAssets.Where(former => assets[former.ListingId] != former.FormerAssetId).Select(former => former.FormerAssetId);
    }

    private bool HasQuote(SourceRecord record) =>
        stream.Kind is RecordKind.Quote && (record.PriceUsd ?? record.MarketCapUsd ?? record.Volume24hUsd) is not null;

    private Quote QuoteOf(Listing listing, SourceRecord record) => new()
    {
        ListingId = listing.ListingId,
        QuotedAt = record.QuotedAt ?? page.FetchedAt,
        PriceUsd = record.PriceUsd,
        MarketCapUsd = record.MarketCapUsd,
        Volume24hUsd = record.Volume24hUsd,
        RunId = run.RunId,
    };

    /// <summary>
    /// A listing follows from its newest profile and its newest quote, in whichever order they came: the profile has the last word on what
    /// it is, the quote on what it costs and where it ranks.
    /// </summary>
    private void Apply(Listing listing, SourceRecord record)
    {
        var isProfile = stream.Kind is RecordKind.Profile;
        if (isProfile || listing.ProfileHash is null)
        {
            listing.Symbol = record.Symbol;
            listing.SymbolKey = MatchKey.OfSymbol(record.Symbol);
            listing.Name = record.Name;
            listing.MatchKey = MatchKey.Of(record.Symbol, record.Name);
            listing.IsActive = record.IsActive;
        }

        if (isProfile)
        {
            listing.ProfileHash = record.ContentHash;
            listing.Rank = listing.QuoteHash is null ? record.Rank : listing.Rank;
        }
        else
        {
            listing.QuoteHash = record.ContentHash;
            listing.Rank = record.Rank;
            listing.PriceUsd = record.PriceUsd;
            listing.MarketCapUsd = record.MarketCapUsd;
            listing.Volume24hUsd = record.Volume24hUsd;
            listing.CirculatingSupply = record.CirculatingSupply;
            listing.TotalSupply = record.TotalSupply;
            listing.MaxSupply = record.MaxSupply;
            listing.QuotedAt = record.QuotedAt;
        }

        listing.UpdatedAt = now;
        RawRecords.Add((listing.ListingId, record));
    }
}
