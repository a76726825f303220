using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Matching;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Loading;

/// <summary>
/// The changes that one page makes: new and changed listings, their quotes and their contracts. It is determined in the page's transaction,
/// before anything is written.
/// </summary>
internal sealed class PageChangeSet(ActiveRun run, RecordKind kind, bool keepsEveryQuote, DateTimeOffset fetchedAt, DateTimeOffset now)
{
    private readonly Dictionary<Guid, Listing> _listings = [];
    private readonly List<(Listing Listing, Guid FormerAssetId)> _formerAssets = [];

    public ActiveRun Run => run;

    public DateTimeOffset FetchedAt => fetchedAt;

    public DateTimeOffset Now => now;

    public List<Listing> Inserted { get; } = [];

    public List<Listing> Updated { get; } = [];

    /// <summary>Quotes of new listings; none of them can exist yet.</summary>
    public List<Quote> FirstQuotes { get; } = [];

    /// <summary>Quotes of known listings; a quote at the same time may already exist.</summary>
    public List<Quote> LaterQuotes { get; } = [];

    /// <summary>
    /// The listings and times of the <see cref="LaterQuotes"/> that belong only to the history, because a later quote is known.
    /// </summary>
    public HashSet<(Guid ListingId, DateTimeOffset QuotedAt)> Earlier { get; } = [];

    /// <summary>How many of the <see cref="FirstQuotes"/> belong only to the history.</summary>
    public int EarlierOfNew { get; private set; }

    /// <summary>Records whose payload is stored.</summary>
    public List<SourceRecord> Raw { get; } = [];

    /// <summary>Records whose quote belongs only to the history; their payload is stored only if the quote is new or has changed.</summary>
    public List<(Quote Quote, SourceRecord Record)> Late { get; } = [];

    /// <summary>Listings to match: new ones, and those whose symbol, name, activity or contracts changed.</summary>
    public List<PageListing> Reidentified { get; } = [];

    /// <summary>Known listings that have a new current quote.</summary>
    public List<Guid> Requoted { get; } = [];

    /// <summary>Listings whose symbol or name changed: what was known of them before may have been about another asset.</summary>
    public List<Guid> Renamed { get; } = [];

    /// <summary>Blocking keys that listings to match had before.</summary>
    public List<BlockingKey> FormerKeys { get; } = [];

    /// <summary>All contracts of the listings whose records mention contracts; empty if a record names none.</summary>
    public Dictionary<Guid, HashSet<TokenContract>> Contracts { get; } = [];

    /// <summary>Contracts that were added or removed.</summary>
    public List<(Guid ListingId, TokenContract Contract)> MovedContracts { get; } = [];

    /// <summary>Further listings to match again, because their contracts, overrides or price verdicts changed.</summary>
    public HashSet<Guid> Others { get; } = [];

    /// <summary>The source's ids of platforms that are new or have changed.</summary>
    public HashSet<string> Platforms { get; } = new(StringComparer.Ordinal);

    /// <summary>All listings that the page adds or changes.</summary>
    public IReadOnlyCollection<Listing> Listings => _listings.Values;

    /// <summary>The times of all quotes.</summary>
    public IEnumerable<DateTimeOffset> QuoteTimes => FirstQuotes.Concat(LaterQuotes).Select(quote => quote.QuotedAt);

    /// <summary>Returns the page's version of a listing, or null if the page does not change it.</summary>
    public Listing? Find(Guid listingId) => _listings.GetValueOrDefault(listingId);

    public void Insert(SourceRecord record)
    {
        var listing = new Listing
        {
            ListingId = record.ListingId,
            Source = run.Source,
            ExternalId = record.ExternalId,
            AssetId = record.ListingId,
            Symbol = record.Symbol,
            SymbolKey = CreateSymbolKey(record.Symbol),
            Name = record.Name,
            IsActive = true,
            CreatedAt = now,
        };
        var traits = Name(listing, record);
        Apply(listing, record);
        _listings.Add(record.ListingId, listing);
        Inserted.Add(listing);
        Raw.Add(record);
        Reidentified.Add(new(listing, traits, IsNew: true));
        if (HasQuote(record))
        {
            FirstQuotes.Add(HistoryQuote.From(run, record, fetchedAt));
        }
    }

    /// <summary>Applies a record of a known listing that differs from the last record or marks the listing's return.</summary>
    public void Update(Listing listing, SourceRecord record)
    {
        var former = GetIdentity(listing);
        BlockingKey?[] formerKeys =
        [
            CreateKey(BlockingKeyKind.Match, listing.MatchKey),
            CreateKey(BlockingKeyKind.Slug, listing.SlugKey),
            CreateKey(BlockingKeyKind.Name, listing.NameKey),
        ];
        var formerQuote = (listing.PriceUsd, listing.MarketCapUsd, listing.Volume24hUsd);
        var formerTime = listing.QuotedAt;
        if ((kind is RecordKind.Profile ? listing.ProfileHash : listing.QuoteHash) != record.ContentHash)
        {
            Raw.Add(record);
        }

        Take(listing);
        if (listing.DelistedAt is not null)
        {
            listing.IsActive = true;
            listing.DelistedAt = null;
            listing.UpdatedAt = now;
        }

        ListingTraits? traits = null;
        if (IsEarlier(record, formerTime))
        {
            listing.QuoteMisses = 0;
            if (HasQuote(record))
            {
                LaterQuotes.Add(HistoryQuote.From(run, record, fetchedAt));
            }
        }
        else
        {
            traits = kind is RecordKind.Profile || listing.ProfileHash is null ? Name(listing, record) : null;
            Apply(listing, record);
            var quote = (listing.PriceUsd, listing.MarketCapUsd, listing.Volume24hUsd);
            if (HasQuote(record) && (formerQuote != quote || (keepsEveryQuote && formerTime != record.QuotedAt)))
            {
                LaterQuotes.Add(HistoryQuote.From(run, record, fetchedAt));
                Requoted.Add(listing.ListingId);
            }
        }

        if ((former.Symbol, former.Name) != (listing.Symbol, listing.Name))
        {
            Renamed.Add(listing.ListingId);
        }

        if (former != GetIdentity(listing) || record.Contracts is not null)
        {
            traits ??= ListingTraits.From(listing.Source, listing.ExternalId, listing.Symbol, listing.Name);
            Reidentified.Add(new(listing, traits, IsNew: false));
            FormerKeys.AddRange(formerKeys.OfType<BlockingKey>());
        }
    }

    /// <summary>Whether the record's quote is earlier than the one that is known of the listing.</summary>
    public bool IsEarlier(SourceRecord record, DateTimeOffset? known) =>
        kind is RecordKind.Quote && PageRecords.IsEarlier(record.QuotedAt, known);

    /// <summary>Adds a quote to the history of a listing with a later known quote.</summary>
    public void AddEarlier(SourceRecord record)
    {
        if (!HistoryQuote.Has(record))
        {
            return;
        }

        var quote = HistoryQuote.From(run, record, fetchedAt);
        if (Earlier.Add((record.ListingId, quote.QuotedAt)))
        {
            LaterQuotes.Add(quote);
        }
    }

    /// <summary>Adds the page's newest record of a listing with a later known quote.</summary>
    public void AddLate(SourceRecord record)
    {
        AddEarlier(record);
        if (HistoryQuote.Has(record))
        {
            Late.Add((HistoryQuote.From(run, record, fetchedAt), record));
        }
    }

    /// <summary>Adds an earlier quote of a listing that is new with this page.</summary>
    public void AddFirst(SourceRecord record)
    {
        FirstQuotes.Add(HistoryQuote.From(run, record, fetchedAt));
        EarlierOfNew++;
    }

    /// <summary>Deactivates a listing that its source no longer has.</summary>
    public void Delist(Listing listing)
    {
        Take(listing);
        listing.IsActive = false;
        listing.DelistedAt = now;
        listing.UpdatedAt = now;
        Reidentified.Add(new(listing, ListingTraits.From(listing.Source, listing.ExternalId, listing.Symbol, listing.Name), IsNew: false));
    }

    /// <summary>Returns the assets that changed listings have left; to be called after entity resolution.</summary>
    public IEnumerable<Guid> FormerAssets() =>
        _formerAssets.Where(former => former.Listing.AssetId != former.FormerAssetId).Select(former => former.FormerAssetId);

    /// <summary>Returns the symbol in the form that queries compare.</summary>
    private static string CreateSymbolKey(string symbol) => symbol.Trim().ToUpperInvariant();

    /// <summary>Returns what listings are matched by, apart from contracts.</summary>
    private static (string Symbol, string Name, bool IsActive, bool IsDelisted, string? MatchKey) GetIdentity(Listing listing) =>
        (listing.Symbol, listing.Name, listing.IsActive, listing.DelistedAt is not null, listing.MatchKey);

    private static BlockingKey? CreateKey(BlockingKeyKind kind, string? value) => value is null ? null : new BlockingKey(kind, value);

    private bool HasQuote(SourceRecord record) => kind is RecordKind.Quote && HistoryQuote.Has(record);

    private void Take(Listing listing)
    {
        _listings.Add(listing.ListingId, listing);
        _formerAssets.Add((listing, listing.AssetId));
        Updated.Add(listing);
    }

    /// <summary>Sets the listing's symbol, name and activity from the record, and the keys derived from them.</summary>
    private static ListingTraits Name(Listing listing, SourceRecord record)
    {
        listing.Symbol = record.Symbol;
        listing.SymbolKey = CreateSymbolKey(record.Symbol);
        listing.Name = record.Name;
        listing.IsActive = record.IsActive ?? listing.IsActive;
        var traits = ListingTraits.From(listing.Source, record.ExternalId, record.Symbol, record.Name);
        listing.MatchKey = traits.MatchKey;
        listing.SlugKey = traits.SlugKey;
        listing.NameKey = traits.NameKey;
        return traits;
    }

    /// <summary>
    /// Applies the record to the listing. A listing results from its newest profile and its newest quote, regardless of the order in which
    /// they came: the profile determines what it is, the quote its market and its rank.
    /// </summary>
    private void Apply(Listing listing, SourceRecord record)
    {
        if (kind is RecordKind.Profile)
        {
            listing.ProfileHash = record.ContentHash;
            listing.ProfileSeenAt = fetchedAt;
            listing.ProfileMisses = 0;
            listing.Rank = listing.QuoteHash is null ? record.Rank : listing.Rank;
        }
        else
        {
            listing.QuoteHash = record.ContentHash;
            listing.QuoteSeenAt = fetchedAt;
            listing.QuoteMisses = 0;
            listing.Rank = record.Rank;
            listing.PriceUsd = record.PriceUsd;
            listing.MarketCapUsd = record.MarketCapUsd;
            listing.Volume24hUsd = record.Volume24hUsd;
            listing.CirculatingSupply = record.CirculatingSupply;
            listing.TotalSupply = record.TotalSupply;
            listing.MaxSupply = record.MaxSupply;
            listing.QuotedAt = record.QuotedAt;
        }

        if (record.Contracts is { } contracts)
        {
            Contracts[listing.ListingId] = [.. contracts];
        }

        listing.UpdatedAt = now;
    }
}
