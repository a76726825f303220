using System.Globalization;
using System.Security.Cryptography;

namespace Kasparro.Simulator.Generation;

/// <summary>Generates contract addresses that look like those of each platform, but belong to nobody.</summary>
internal sealed class AddressGenerator(SeededRandom random)
{
    private const string Hex = "0123456789abcdef";
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";

    public PlatformContract On(Platform platform) => new(platform, Address(platform.Format));

    /// <summary>
    /// Deploys a token to a home platform and up to three more, as is common: often with the same address on each EVM chain.
    /// </summary>
    public PlatformContract[] Deploy(Platform? home = null)
    {
        var contracts = new List<PlatformContract> { On(home ?? Platform.Draw(random)) };
        while (contracts.Count < 4 && random.Chance(0.18))
        {
            var platform = Platform.Draw(random);
            if (contracts.Exists(c => c.Platform == platform))
            {
                continue;
            }

            var areEvm = platform.Format == AddressFormat.Evm && contracts[0].Platform.Format == AddressFormat.Evm;
            contracts.Add(areEvm && random.Chance(0.4) ? contracts[0] with { Platform = platform } : On(platform));
        }

        return [.. contracts];
    }

    private string Address(AddressFormat format) => format switch
    {
        AddressFormat.Evm => $"0x{Draw(Hex, 40)}",
        AddressFormat.Solana => Base58.Encode(Bytes(32)),
        AddressFormat.Tron => TronAddress(),
        AddressFormat.Cardano => Draw(Hex, 56),
        AddressFormat.Near => $"{Draw(Lower, 12)}.near",
        AddressFormat.Stellar => $"G{Draw(Base32, 55)}",
        AddressFormat.Number => (100_000_000 + random.Next(1_900_000_000)).ToString(CultureInfo.InvariantCulture),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, message: null),
    };

    /// <summary>Generates Base58Check: the prefix of Tron's main network, 20 bytes, and the beginning of a hash of both.</summary>
    private string TronAddress()
    {
        byte[] payload = [0x41, .. Bytes(20)];
        return Base58.Encode([.. payload, .. SHA256.HashData(SHA256.HashData(payload)).AsSpan(0, 4)]);
    }

    private byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(_ => (byte)random.Next(256))];

    private string Draw(string alphabet, int length) => string.Create(length, (alphabet, random), static (text, state) =>
    {
        foreach (ref var c in text)
        {
            c = state.alphabet[state.random.Next(state.alphabet.Length)];
        }
    });
}
