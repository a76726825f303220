using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Matching;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Loading;

/// <summary>
/// What one page changes: new and changed listings, their quotes and their contracts. It is worked out within the page's transaction,
/// before any write.
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

    /// <summary>Quotes of new listings: none of them can be there yet.</summary>
    public List<Quote> FirstQuotes { get; } = [];

    /// <summary>Quotes of known listings: one at the same time may be there already.</summary>
    public List<Quote> LaterQuotes { get; } = [];

    /// <summary>Of <see cref="LaterQuotes"/> those that are the history's alone, by listing and time: a later one is known.</summary>
    public HashSet<(Guid ListingId, DateTimeOffset QuotedAt)> Earlier { get; } = [];

    /// <summary>Of <see cref="FirstQuotes"/> how many are the history's alone.</summary>
    public int EarlierOfNew { get; private set; }

    /// <summary>Records whose payload is to be kept.</summary>
    public List<SourceRecord> Raw { get; } = [];

    /// <summary>Records that are kept only if their quote, the history's alone, was not there.</summary>
    public List<(Quote Quote, SourceRecord Record)> Late { get; } = [];

    /// <summary>Listings to match: new ones, and those whose symbol, name, activity or contracts changed.</summary>
    public List<PageListing> Reidentified { get; } = [];

    /// <summary>Known listings that have a new current quote.</summary>
    public List<Guid> Requoted { get; } = [];

    /// <summary>Listings whose symbol or name changed: what was seen of them before may have been something else.</summary>
    public List<Guid> Renamed { get; } = [];

    /// <summary>Keys that a re-identified listing had before.</summary>
    public List<BlockingKey> FormerKeys { get; } = [];

    /// <summary>All contracts of the listings whose record names them.</summary>
    public Dictionary<Guid, HashSet<TokenContract>> Contracts { get; } = [];

    /// <summary>Contracts that were added or taken away.</summary>
    public List<(Guid ListingId, TokenContract Contract)> MovedContracts { get; } = [];

    /// <summary>Listings outside the page to match again, since their contracts or overrides changed.</summary>
    public HashSet<Guid> Others { get; } = [];

    /// <summary>The source's ids of platforms that are new or say something else than before.</summary>
    public HashSet<string> Platforms { get; } = new(StringComparer.Ordinal);

    /// <summary>All listings that the page adds or changes.</summary>
    public IReadOnlyCollection<Listing> Listings => _listings.Values;

    /// <summary>The times of all quotes.</summary>
    public IEnumerable<DateTimeOffset> QuoteTimes => FirstQuotes.Concat(LaterQuotes).Select(quote => quote.QuotedAt);

    /// <summary>The page's own version of a listing; null where the page does not change it.</summary>
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

    /// <summary>Applies a record of a known listing, one that differs from its last or is its return.</summary>
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

    /// <summary>Whether the record's quote was true before the one that is known of the listing.</summary>
    public bool IsEarlier(SourceRecord record, DateTimeOffset? known) =>
        kind is RecordKind.Quote && PageRecords.IsEarlier(record.QuotedAt, known);

    /// <summary>Adds a quote to the history of a listing of which a later one is known.</summary>
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

    /// <summary>Adds a page's newest record of a listing, of which a later quote is known.</summary>
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

    /// <summary>Makes a listing inactive that its source no longer lists.</summary>
    public void Delist(Listing listing)
    {
        Take(listing);
        listing.IsActive = false;
        listing.DelistedAt = now;
        listing.UpdatedAt = now;
        Reidentified.Add(new(listing, ListingTraits.From(listing.Source, listing.ExternalId, listing.Symbol, listing.Name), IsNew: false));
    }

    /// <summary>Assets that a changed listing has left; to be asked after entity resolution.</summary>
    public IEnumerable<Guid> FormerAssets() =>
        _formerAssets.Where(former => former.Listing.AssetId != former.FormerAssetId).Select(former => former.FormerAssetId);

    /// <summary>The symbol as queries compare it.</summary>
    private static string CreateSymbolKey(string symbol) => symbol.Trim().ToUpperInvariant();

    /// <summary>What listings are matched by, besides contracts.</summary>
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

    /// <summary>Makes the listing be called what the record says, with the keys that follow from it.</summary>
    private static ListingTraits Name(Listing listing, SourceRecord record)
    {
        listing.Symbol = record.Symbol;
        listing.SymbolKey = CreateSymbolKey(record.Symbol);
        listing.Name = record.Name;
        listing.IsActive = record.IsActive;
        var traits = ListingTraits.From(listing.Source, record.ExternalId, record.Symbol, record.Name);
        listing.MatchKey = traits.MatchKey;
        listing.SlugKey = traits.SlugKey;
        listing.NameKey = traits.NameKey;
        return traits;
    }

    /// <summary>
    /// A listing follows from its newest profile and its newest quote, in whichever order they came: the profile has the last word on what
    /// it is, the quote on what it costs and where it ranks.
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
