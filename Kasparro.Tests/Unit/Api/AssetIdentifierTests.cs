using System.Text.Json;

namespace Kasparro.Tests.Unit.Api;

public sealed class AssetIdentifierTests
{
    /// <summary>The ids of both recorded catalogues, with and without their source's name.</summary>
    [Theory]
    [InlineData("coingecko/coins-list.json", SourceNames.CoinGecko)]
    [InlineData("coinpaprika/coins.json", SourceNames.CoinPaprika)]
    public void Every_recorded_id_leads_to_its_listing(string file, string source)
    {
        using var coins = JsonDocument.Parse(File.ReadAllBytes(Corpus.Require(file)));
        var ids = coins.RootElement.EnumerateArray().Select(coin => coin.GetProperty("id").GetString()!).ToList();

        Assert.True(ids.Count > 13_000);
        Assert.All(ids, id =>
        {
            Assert.True(AssetIdentifier.TryParse($"{source}:{id}", out var named, out var error), $"{id} {error}");
            Assert.Contains(StableId.ForListing(source, id), named.ListingIds);
            Assert.True(AssetIdentifier.TryParse(id, out var bare, out error), $"{id} {error}");

            // An id in the form of an asset id is taken for one; a source's own id in that form needs the source's name in front.
            Assert.Contains(Guid.TryParseExact(id, "D", out var assetId) ? assetId : StableId.ForListing(source, id), bare.ListingIds);
        });
    }

    [Fact]
    public void Every_recorded_contract_leads_to_itself_in_three_vocabularies()
    {
        using var rows = JsonDocument.Parse(File.ReadAllBytes(Corpus.Require("coinpaprika/contracts-eth-ethereum.json")));
        var addresses = rows.RootElement.EnumerateArray().Select(row => row.GetProperty("address").GetString()!.Trim())
            .Where(address => address != "kimex").ToList();

        Assert.Equal(3_626, addresses.Count);
        Assert.All(addresses, address =>
        {
            foreach (var id in new[] { $"1:{address}", $"eip155:1/erc20:{address}", $"eth-ethereum:{address}" })
            {
                Assert.True(AssetIdentifier.TryParse(id, out var identifier, out var error), $"{id} {error}");
                Assert.Contains(TokenContract.From("ethereum", address)!.Value, identifier.Contracts);
            }
        });
    }

    [Theory]
    [InlineData("", "must be 1 to 500 printable characters")]
    [InlineData("a\0b", "must be 1 to 500 printable characters")]
    [InlineData("1:", "nothing stands after the colon")]
    [InlineData(":bitcoin", "nothing stands before the colon")]
    [InlineData("01:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "is of chain 01, which")]
    [InlineData("eip155:01/erc20:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "is of chain 01, which")]
    [InlineData("is in:US0378331005", "must be an asset's id")]
    [InlineData("eip155:1", "must be an asset's id")]
    [InlineData("99999999999999999999:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "is of chain 99999999999999999999")]
    [InlineData("123456789:0x5", "must be 0x and 40 hexadecimal digits")]
    [InlineData("eip155:123456789/slip44:60", "is of chain eip155:123456789")]
    [InlineData("eip155:1/slip44:0", "must have coin type 60")]
    [InlineData("eip155:1/erc721:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "must have the namespace erc20")]
    [InlineData("eip155:1/erc721:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed/7", "names one token of a collection")]
    [InlineData("eip155:1/slip44:60/history", "is written %2F")]
    [InlineData("eip155:1/erc20:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", "wrong checksum")]
    [InlineData("43114:FvwEAhmxKfeiG8SnEvq42hc6whRyY3EFYAvebMqDNDGCgxN5Z", "must be 0x and 40 hexadecimal digits")]
    [InlineData("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:0x1", "must be 32 bytes in Base58")]
    [InlineData("tron:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u", "wrong checksum")]
    public void Id_that_cannot_be_one_is_refused_with_its_reason(string text, string reason)
    {
        Assert.False(AssetIdentifier.TryParse(text, out _, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }
}
