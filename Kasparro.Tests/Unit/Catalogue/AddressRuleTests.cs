using System.Text;

namespace Kasparro.Tests.Unit.Catalogue;

public sealed class AddressRuleTests
{
    /// <summary>The test vectors of EIP-55.</summary>
    [Theory]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("0x8617E340B3D01FA5F11F306F4090FD50E238070D")]
    [InlineData("0xde709f2102306220921060314715629080e2fb77")]
    [InlineData("0x27b1fdb04752bbc536007a920d24acb045561c26")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    public void Checksum_is_that_of_EIP_55(string address)
    {
        Assert.Equal(address, AddressRule.ToChecksum(address.ToLowerInvariant()));
        Assert.Null(AddressRule.FindError(AddressRule.Evm, address));
        Assert.Null(AddressRule.FindError(AddressRule.Evm, address.ToLowerInvariant()));
        Assert.Null(AddressRule.FindError(AddressRule.Evm, $"0x{address[2..].ToUpperInvariant()}"));
    }

    [Theory]
    [InlineData("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    public void Keccak_256_is_that_of_its_submission(string text, string expected)
    {
        Span<byte> hash = stackalloc byte[Keccak256.HashLength];
        Keccak256.HashData(Encoding.ASCII.GetBytes(text), hash);

        Assert.Equal(expected, Convert.ToHexStringLower(hash));
    }

    /// <summary>Data of several block lengths: a change of the last byte must change the hash.</summary>
    [Theory]
    [InlineData(135)]
    [InlineData(136)]
    [InlineData(137)]
    [InlineData(1000)]
    public void Keccak_256_of_long_data_hashes_every_block(int length)
    {
        var data = Enumerable.Range(0, length).Select(index => (byte)index).ToArray();
        Span<byte> hash = stackalloc byte[Keccak256.HashLength];
        Span<byte> changed = stackalloc byte[Keccak256.HashLength];
        Keccak256.HashData(data, hash);
        data[^1] ^= 1;
        Keccak256.HashData(data, changed);

        Assert.False(hash.SequenceEqual(changed));
    }

    [Theory]
    [InlineData(AddressRule.Evm, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", "has a wrong checksum (EIP-55)")]
    [InlineData(AddressRule.Evm, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", "must be 0x and 40 hexadecimal digits")]
    [InlineData(AddressRule.Evm, "kimex", "must be 0x and 40 hexadecimal digits")]
    [InlineData(AddressRule.EvmUnchecked, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", null)]
    [InlineData(AddressRule.EvmOrNative, "one1egzwqa9pys2easrxaa28xgll3yxu83gmcnf08f", null)]
    [InlineData(AddressRule.EvmOrNative, "0x123", "must be 0x and 40 hexadecimal digits")]
    [InlineData(AddressRule.Xdc, "xdc536dd70445cea1e97f9bf1bada04cbda5199a2a1", null)]
    [InlineData(AddressRule.Xdc, "xdc536dd70445cea1e97f9bf1bada04cbda5199a2", "must be 0x and 40 hexadecimal digits")]
    [InlineData(AddressRule.Solana, "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", null)]
    [InlineData(AddressRule.Solana, "11111111111111111111111111111111", null)]
    [InlineData(AddressRule.Solana, "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGG", "must be 32 bytes in Base58")]
    [InlineData(AddressRule.Solana, "0PjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", "must be 32 bytes in Base58")]
    [InlineData(AddressRule.Tron, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", null)]
    [InlineData(AddressRule.Tron, "1002000", null)]
    [InlineData(AddressRule.Tron, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u", "has a wrong checksum (Base58Check)")]
    [InlineData(AddressRule.Tron, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t/code",
        "must be 25 bytes in Base58 that begin with T, or the number of a TRC-10 token")]
    [InlineData(AddressRule.Digits, "31566704", null)]
    [InlineData(AddressRule.Digits, "0x1", "must be a decimal number")]
    [InlineData(AddressRule.Hedera, "0.0.456858", null)]
    [InlineData(AddressRule.Hedera, "0.0", "must be three decimal numbers with dots between them")]
    [InlineData(AddressRule.Any, "factory/osmo1x/y", null)]
    [InlineData(AddressRule.Any, "", "must be printable characters")]
    public void Rule_says_what_is_wrong_with_an_address(string rule, string address, string? error) =>
        Assert.Equal(error, AddressRule.FindError(rule, address));
}
