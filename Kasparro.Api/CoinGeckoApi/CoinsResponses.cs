using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Kasparro.Api.CoinGeckoApi;

[Description("A coin of the list of all coins.")]
internal sealed record CoinGeckoListed(
    string Id,
    string Symbol,
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Platforms = null)
{
    public static CoinGeckoListed Example { get; } = new(
        "omisego", "omg", "OMG Network",
        new Dictionary<string, string>(StringComparer.Ordinal) { ["ethereum"] = "0xd26114cd6ee289accf82350c8d8487fedb8a0c07" });
}

[Description("A coin, as /coins/{id} of CoinGecko's API shows it. What the catalogue does not have is null or empty.")]
internal sealed record CoinGeckoCoin
{
    public required string Id { get; init; }

    public required string Symbol { get; init; }

    public required string Name { get; init; }

    public required string WebSlug { get; init; }

    public string? AssetPlatformId { get; init; }

    public required IReadOnlyDictionary<string, string> Platforms { get; init; }

    public required IReadOnlyDictionary<string, CoinGeckoDetailPlatform> DetailPlatforms { get; init; }

    public int BlockTimeInMinutes { get; init; }

    public string? HashingAlgorithm { get; init; }

    public IReadOnlyList<string> Categories { get; init; } = [];

    public bool PreviewListing { get; init; }

    public string? PublicNotice { get; init; }

    public IReadOnlyList<string> AdditionalNotices { get; init; } = [];

    public bool HasSupplyBreakdown { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Localization { get; init; }

    public IReadOnlyDictionary<string, string> Description { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["en"] = "" };

    public CoinGeckoLinks Links { get; init; } = CoinGeckoLinks.None;

    public CoinGeckoImage Image { get; init; } = CoinGeckoImage.None;

    public string CountryOrigin { get; init; } = "";

    public string? GenesisDate { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ContractAddress { get; init; }

    public double? SentimentVotesUpPercentage { get; init; }

    public double? SentimentVotesDownPercentage { get; init; }

    public int WatchlistPortfolioUsers { get; init; }

    public int? MarketCapRank { get; init; }

    public int? MarketCapRankWithRehypothecated { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CoinGeckoMarketData? MarketData { get; init; }

    public IReadOnlyList<JsonObject> StatusUpdates { get; init; } = [];

    public string? LastUpdated { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<JsonObject>? Tickers { get; init; }

    public static CoinGeckoCoin Example { get; } = new()
    {
        Id = "omisego",
        Symbol = "omg",
        Name = "OMG Network",
        WebSlug = "omisego",
        AssetPlatformId = "ethereum",
        Platforms = CoinGeckoListed.Example.Platforms!,
        DetailPlatforms = CoinGeckoDetailPlatform.From(CoinGeckoListed.Example.Platforms!),
        MarketCapRank = 900,
        LastUpdated = "2026-11-20T12:00:00.000Z",
    };
}

[Description("A contract of a coin.")]
internal sealed record CoinGeckoDetailPlatform(int? DecimalPlace, string ContractAddress)
{
    /// <summary>Creates the details of contracts, by platform.</summary>
    public static IReadOnlyDictionary<string, CoinGeckoDetailPlatform> From(IReadOnlyDictionary<string, string> platforms) =>
        platforms.ToDictionary(contract => contract.Key, contract => new CoinGeckoDetailPlatform(null, contract.Value),
            StringComparer.Ordinal);
}

[Description("Links of a coin; none are kept.")]
internal sealed record CoinGeckoLinks(
    IReadOnlyList<string> Homepage,
    string Whitepaper,
    IReadOnlyList<string> BlockchainSite,
    IReadOnlyList<string> OfficialForumUrl,
    IReadOnlyList<string> ChatUrl,
    IReadOnlyList<string> AnnouncementUrl,
    string? SnapshotUrl,
    string TwitterScreenName,
    string FacebookUsername,
    int? BitcointalkThreadIdentifier,
    string TelegramChannelIdentifier,
    string SubredditUrl,
    CoinGeckoRepositories ReposUrl)
{
    public static CoinGeckoLinks None { get; } = new([], "", [], [], [], [], null, "", "", null, "", "", new([], []));
}

[Description("Repositories of a coin; none are kept.")]
internal sealed record CoinGeckoRepositories(IReadOnlyList<string> Github, IReadOnlyList<string> Bitbucket);

[Description("Pictures of a coin.")]
internal sealed record CoinGeckoImage(string Thumb, string Small, string Large)
{
    public const string NoLarge = "missing_large.png";

    public static CoinGeckoImage None { get; } = new("missing_thumb.png", "missing_small.png", NoLarge);

    /// <summary>Creates the pictures of a coin from its logo, which is kept in one size; null if the coin has no logo.</summary>
    public static CoinGeckoImage From(string? logo) => logo is null ? None : new(logo, logo, logo);
}

[Description("A chart: pairs of a time, in Unix milliseconds, and an amount.")]
internal sealed record CoinGeckoChart(
    IReadOnlyList<IReadOnlyList<double?>> Prices, IReadOnlyList<IReadOnlyList<double?>> MarketCaps,
        IReadOnlyList<IReadOnlyList<double?>> TotalVolumes)
{
    public static CoinGeckoChart Example { get; } = new(
        [[1_795_176_000_000, 64_210.55]], [[1_795_176_000_000, 1_265_000_000_000]], [[1_795_176_000_000, 31_500_000_000]]);
}
