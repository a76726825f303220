using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kasparro.Tests.Unit.Ingestion.Identity;

public sealed partial class PlatformMapTests
{
    /// <summary>CoinGecko's platforms that are younger than the recording.</summary>
    private static readonly string[] Younger =
        ["aptos", "base", "blast", "linea", "mantle", "pulsechain", "sei-network", "sui", "the-open-network", "zksync"];

    [Fact]
    public void Table_is_sorted_and_its_ids_are_well_formed()
    {
        var rows = Rows();

        Assert.Equal(rows.Select(row => row.Paprika).Order(StringComparer.Ordinal), rows.Select(row => row.Paprika));
        Assert.Distinct(rows.Select(row => row.Paprika));
        Assert.All(rows, row => Assert.Matches(PlatformId(), row.Paprika));
        Assert.All(rows, row => Assert.Matches(PlatformId(), row.Gecko));
    }

    /// <summary>A platform that CoinGecko does not have would prove nothing, silently.</summary>
    [Fact]
    public void Table_leads_to_platforms_that_the_recorded_catalogue_has()
    {
        var recorded = GeckoContracts().Select(contract => contract.Platform).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(Rows().Select(row => row.Gecko).Except(Younger, StringComparer.Ordinal).Except(recorded, StringComparer.Ordinal));
    }

    /// <summary>Addresses are what shows that two names mean one platform: most of those that CoinPaprika lists on Ethereum are on the mapped one.</summary>
    [Fact]
    public void Table_agrees_with_the_recorded_addresses()
    {
        using var rows = JsonDocument.Parse(File.ReadAllBytes(Corpus.Require("coinpaprika/contracts-eth-ethereum.json")));
        var addresses = rows.RootElement.EnumerateArray().Select(row => row.GetProperty("address").GetString()!).ToHashSet(StringComparer.OrdinalIgnoreCase);

        var shared = GeckoContracts().Where(contract => addresses.Contains(contract.Address)).CountBy(contract => contract.Platform).ToList();

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

    private static List<(string Paprika, string Gecko)> Rows()
    {
        using var table = JsonDocument.Parse(typeof(PlatformMap).Assembly.GetManifestResourceStream(typeof(PlatformMap), "platforms.json")!);
        return [.. table.RootElement.EnumerateObject().Select(row => (row.Name, row.Value.GetString()!))];
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
}
