using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kasparro.Tests.Unit.Ingestion.Identity;

public sealed partial class PlatformMapTests
{
    /// <summary>CoinGecko's platforms that are newer than the recording.</summary>
    private static readonly string[] Younger =
        ["aptos", "base", "blast", "linea", "mantle", "pulsechain", "sei-network", "sui", "the-open-network", "zksync"];

    /// <summary>CoinGecko's coins that are newer than the recording.</summary>
    private static readonly string[] YoungerCoins =
        ["aptos", "bitcicoin", "fitfi", "flare-networks", "mantle", "neon", "pulsechain", "sei-network", "sonic-3", "starknet", "sui",
            "the-open-network"];

    private static readonly string[] Bad =
    [
        "0x0397b918945ec8A0CCBcFF3cEF95e551ef6B2818/token-transfers",
        "0x270DE58F54649608D316fAa795a9941b355A2Bd0/token-transfers",
        "0x77F86D401e067365dD911271530B0c90DeC3e0f7/",
        "0xB0EE479CA14b4B6e250511ddD21C7E3856F99dd9/",
        "0xCa7350Ed65c2fC90A9DBF2D15C75E80EA91aB1c1/contracts",
        "0x06ae7A979D9818B64498c8acaFDd0ccc78bC6fd2#balances",
        "0xaa44051bdd76e251aab66dbbe82a97343b4d7da3#code",
        "CPXDs2uhNwDKAt9V3vXvtspv9U7rsQ2fVr1qA", // 27 bytes.
        "TCnctCyuXCBrZXGA8Q9uQtNeVZHxEyTZfw/code",
        "kimex",
    ];

    [Fact]
    public void Table_is_sorted_and_its_ids_are_well_formed_and_unique()
    {
        var all = PlatformMap.All;

        Assert.Equal(all.Select(platform => platform.Key).Order(StringComparer.OrdinalIgnoreCase), all.Select(platform => platform.Key));
        Assert.Distinct(all.Select(platform => platform.Key));
        Assert.Distinct(all.SelectMany(platform => platform.CoinPaprika));
        Assert.Distinct(all.Select(platform => platform.Caip2).OfType<string>());
        Assert.Distinct(all.Select(platform => platform.ChainId).OfType<long>());
        Assert.All(all.SelectMany(platform => platform.CoinPaprika), id => Assert.Matches(PlatformId(), id));
        Assert.All(all.Select(platform => platform.Caip2).OfType<string>(), id => Assert.Matches(Caip2(), id));
        Assert.All(all,
            platform => Assert.Equal(platform.ChainId is { } chain ? $"eip155:{chain}" : null,
                platform.Caip2?.StartsWith("eip155:", StringComparison.Ordinal) == true ? platform.Caip2 : null));
        Assert.All(all, platform => Assert.NotEmpty(platform.Sources));
        Assert.Empty(all.SelectMany(platform => platform.Sources).Except(PlatformMap.Sources.Keys, StringComparer.Ordinal));
    }

    /// <summary>A platform that CoinGecko does not have would silently prove nothing.</summary>
    [Fact]
    public void Platforms_of_CoinPaprika_lead_to_platforms_that_the_recorded_catalogue_has()
    {
        var recorded = GeckoContracts().Select(contract => contract.Platform).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(PlatformMap.All.Where(platform => platform.CoinPaprika.Count > 0).Select(platform => platform.Key)
            .Except(Younger, StringComparer.Ordinal).Except(recorded, StringComparer.Ordinal));
    }

    [Fact]
    public void Native_coins_are_coins_of_the_recorded_catalogue()
    {
        using var coins = JsonDocument.Parse(File.ReadAllBytes(Corpus.Require("coingecko/coins-list.json")));
        var recorded = coins.RootElement.EnumerateArray().Select(coin => coin.GetProperty("id").GetString()!)
            .ToHashSet(StringComparer.Ordinal);

        Assert.Empty(PlatformMap.All.Select(platform => platform.NativeCoin).OfType<string>().Except(YoungerCoins, StringComparer.Ordinal)
            .Except(recorded, StringComparer.Ordinal));
    }

    /// <summary>
    /// What CoinGecko lists as addresses although they are not valid: parts of block explorers' URLs, and a truncated address.
    /// </summary>
    [Fact]
    public void Address_rules_reject_no_good_address_of_the_recordings()
    {
        var rejected = GeckoContracts()
            .Where(contract =>
                contract.Address.Trim().Length > 0 && PlatformMap.Find(contract.Platform) is { } platform
                    && AddressRule.FindError(platform.Address, contract.Address.Trim()) is not null)
            .Select(contract => contract.Address)
            .ToList();
        using var rows = JsonDocument.Parse(File.ReadAllBytes(Corpus.Require("coinpaprika/contracts-eth-ethereum.json")));
        rejected.AddRange(rows.RootElement.EnumerateArray()
            .Select(row => row.GetProperty("address").GetString()!)
            .Where(address => AddressRule.FindError(PlatformMap.Find("eth-ethereum")!.Address, address.Trim()) is not null));

        Assert.Equal(Bad.Order(StringComparer.Ordinal), rejected.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// Addresses show that two names mean one platform: most of those that CoinPaprika lists on Ethereum are on the mapped one.
    /// </summary>
    [Fact]
    public void Table_agrees_with_the_recorded_addresses()
    {
        using var rows = JsonDocument.Parse(File.ReadAllBytes(Corpus.Require("coinpaprika/contracts-eth-ethereum.json")));
        var addresses = rows.RootElement.EnumerateArray().Select(row => row.GetProperty("address").GetString()!)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

        var shared = GeckoContracts().Where(contract => addresses.Contains(contract.Address)).CountBy(contract => contract.Platform)
            .ToList();

        var (platform, count) = shared.MaxBy(entry => entry.Value);
        Assert.Equal(PlatformMap.Canonical(SourceNames.CoinPaprika, "eth-ethereum"), platform);
        Assert.True(count > 0.9 * shared.Sum(entry => entry.Value), string.Join(", ", shared));
    }

    [Fact]
    public void Canonical_leaves_an_unmapped_platform_to_its_source()
    {
        Assert.Equal("coinpaprika:no-such", PlatformMap.Canonical(SourceNames.CoinPaprika, "no-such"));
        Assert.Equal("no-such", PlatformMap.Canonical(SourceNames.CoinGecko, "no-such"));
        Assert.Equal("ethereum", PlatformMap.Canonical(SourceNames.CoinPaprika, "eth-ethereum"));
    }

    private static List<(string Platform, string Address)> GeckoContracts()
    {
        using var coins = JsonDocument.Parse(File.ReadAllBytes(Corpus.Require("coingecko/coins-list.json")));
        return
        [
            .. coins.RootElement.EnumerateArray()
                .SelectMany(coin => coin.GetProperty("platforms").EnumerateObject())
                .Select(platform => (platform.Name, platform.Value.GetString() ?? "")),
        ];
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PlatformId();

    [GeneratedRegex("^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Caip2();
}
