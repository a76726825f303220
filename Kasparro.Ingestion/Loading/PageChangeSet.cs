using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Matching;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources;

namespace Kasparro.Ingestion.Loading;

/// <summary>What one page changes, worked out before its transaction begins: new and changed listings, and their quotes.</summary>
internal sealed class PageChangeSet(ActiveRun run, ISourceStream stream, SourcePage page, DateTimeOffset now)
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

    /// <summary>Listings that identity has to be decided about: new ones, and those whose symbol, name, activity or contracts changed.</summary>
    public List<PageListing> Reidentified { get; } = [];

    /// <summary>Listings whose symbol or name changed: what was seen of them before may have been something else.</summary>
    public List<Guid> Renamed { get; } = [];

    /// <summary>Keys that a re-identified listing had before.</summary>
    public List<BlockingKey> FormerKeys { get; } = [];

    /// <summary>All contracts of the listings whose record names them.</summary>
    public Dictionary<Guid, HashSet<TokenContract>> Contracts { get; } = [];

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
            SymbolKey = KeyOf(record.Symbol),
            Name = record.Name,
            CreatedAt = now,
        };
        var traits = Name(listing, record);
        Apply(listing, record);
        Inserted.Add(listing);
        Reidentified.Add(new(listing, traits, IsNew: true));
        if (HasQuote(record))
        {
            Quotes.Add(QuoteOf(listing, record));
        }
    }

    public void Update(Listing listing, SourceRecord record)
    {
        var former = IdentityOf(listing);
        BlockingKey?[] formerKeys =
        [
            KeyOf(BlockingKeyKind.Match, listing.MatchKey),
            KeyOf(BlockingKeyKind.Slug, listing.SlugKey),
            KeyOf(BlockingKeyKind.Name, listing.NameKey),
        ];
        var formerQuote = (listing.PriceUsd, listing.MarketCapUsd, listing.Volume24hUsd);
        _formerAssets.Add((listing.ListingId, listing.AssetId));
        var traits = stream.Kind is RecordKind.Profile || listing.ProfileHash is null ? Name(listing, record) : null;
        Apply(listing, record);
        Updated.Add(listing);
        if ((former.Symbol, former.Name) != (listing.Symbol, listing.Name))
        {
            Renamed.Add(listing.ListingId);
        }

        if (former != IdentityOf(listing) || record.Contracts is not null)
        {
            traits ??= ListingTraits.From(listing.Source, listing.ExternalId, listing.Symbol, listing.Name);
            Reidentified.Add(new(listing, traits, IsNew: false));
            FormerKeys.AddRange(formerKeys.OfType<BlockingKey>());
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

    /// <summary>The symbol as queries compare it.</summary>
    private static string KeyOf(string symbol) => symbol.Trim().ToUpperInvariant();

    /// <summary>What identity is decided from, besides contracts.</summary>
    private static (string Symbol, string Name, bool IsActive, string? MatchKey) IdentityOf(Listing listing) => (listing.Symbol, listing.Name, listing.IsActive, listing.MatchKey);

    private static BlockingKey? KeyOf(BlockingKeyKind kind, string? value) => value is null ? null : new BlockingKey(kind, value);

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

    /// <summary>Makes the listing be called what the record says, with the keys that follow from it.</summary>
    private static ListingTraits Name(Listing listing, SourceRecord record)
    {
        listing.Symbol = record.Symbol;
        listing.SymbolKey = KeyOf(record.Symbol);
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
        if (stream.Kind is RecordKind.Profile)
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

        if (record.Contracts is { } contracts)
        {
            Contracts[listing.ListingId] = [.. contracts];
        }

        listing.UpdatedAt = now;
    }
}
