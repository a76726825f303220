using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Kasparro.Catalogue;

/// <summary>An id of an asset, in one of the supported vocabularies. Parsing it needs no database.</summary>
/// <param name="Text">The id as sent, without surrounding white space.</param>
/// <param name="Kind">The vocabulary.</param>
public sealed partial record AssetIdentifier(string Text, IdentifierKind Kind)
{
    /// <summary>The maximum length of an id.</summary>
    public const int MaxLength = 500;

    private const string Eip155 = "eip155:";

    // All control characters; there are none beyond Latin-1.
    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, byte.MaxValue).Select(code => (char)code).Where(char.IsControl)]);

    /// <summary>The error of an id that is in no vocabulary.</summary>
    public const string Vocabularies =
        "must be an asset's id, SOURCE:ID, a source's own id, CAIP-19, CHAIN-ID:ADDRESS, PLATFORM:ADDRESS or VOCABULARY:ID";

    /// <summary>An asset's id, current or former.</summary>
    public Guid AssetId { get; private init; }

    /// <summary>The listings that the id can name.</summary>
    public IReadOnlyList<Guid> ListingIds { get; private init; } = [];

    /// <summary>The contract that the id names, under each name of its platform.</summary>
    public IReadOnlyList<TokenContract> Contracts { get; private init; } = [];

    /// <summary>
    /// The vocabulary of a crosswalk file, in lower case, or a platform that the platform map lacks; null for other kinds of ids.
    /// </summary>
    public string? Vocabulary { get; private init; }

    /// <summary>The id in <see cref="Vocabulary"/>.</summary>
    public string? ExternalId { get; private init; }

    /// <summary>The chain id (EIP-155) of a chain that the platform map lacks; an upstream may know its platform.</summary>
    public long? ChainId { get; private init; }

    /// <summary>The address on <see cref="ChainId"/>, in lower case.</summary>
    public string? Address { get; private init; }

    /// <summary>Parses an id.</summary>
    /// <param name="text">The id.</param>
    /// <param name="identifier">The parsed id.</param>
    /// <param name="error">Explains why the id is invalid.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out AssetIdentifier? identifier, [NotNullWhen(false)] out string? error)
    {
        var trimmed = text?.Trim() ?? "";
        (identifier, error) = trimmed.Length is 0 or > MaxLength || trimmed.AsSpan().ContainsAny(Controls)
            ? new Parsed(null, $"must be 1 to {MaxLength} printable characters")
            : Parse(trimmed, text!.TrimStart());
        return identifier is not null;
    }

    /// <summary>Parses an id from a path.</summary>
    public static bool TryParse(string? text, IFormatProvider? provider, [NotNullWhen(true)] out AssetIdentifier? identifier) =>
        TryParse(FromPath(text), out identifier, out _);

    /// <summary>Explains why an id from a path is invalid, or null if it is valid.</summary>
    public static string? FindError(string text) => TryParse(FromPath(text), out _, out var error) ? null : error;

    /// <summary>Creates the identifier for an asset's own id.</summary>
    public static AssetIdentifier From(Guid assetId) =>
        new(assetId.ToString(), IdentifierKind.Asset) { AssetId = assetId, ListingIds = [assetId] };

    // Routing does not unescape slashes, and keeps a path's last slash.
    private static string? FromPath(string? text) => text?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).TrimEnd('/');

    // Some ids of upstreams end in a space, so the text is looked up as sent, too.
    private static Parsed Parse(string text, string sent)
    {
        if (Guid.TryParseExact(text, "D", out var assetId))
        {
            return From(assetId);
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return new AssetIdentifier(text, IdentifierKind.BareId)
            {
                ListingIds = [.. SourceNames.All.SelectMany(source => GetListingIds(source, text, sent))],
            };
        }

        var (vocabulary, rest) = (text[..colon], text[(colon + 1)..]);
        if (rest.Length == 0 || vocabulary.Length == 0)
        {
            return $"{Vocabularies}; nothing stands {(rest.Length == 0 ? "after" : "before")} the colon";
        }

        if (SourceNames.All.FirstOrDefault(known => known.Equals(vocabulary, StringComparison.OrdinalIgnoreCase)) is { } source)
        {
            return new AssetIdentifier(text, IdentifierKind.Listing) { ListingIds = GetListingIds(source, rest, sent[(colon + 1)..]) };
        }

        if (rest.Contains('/', StringComparison.Ordinal) && Caip19().Match(text) is { Success: true } caip)
        {
            return ParseCaip19(text, caip);
        }

        if (vocabulary.All(char.IsAsciiDigit))
        {
            return FromChain(text, vocabulary, rest);
        }

        if ((PlatformMap.Find(vocabulary) ?? PlatformMap.Find(vocabulary.ToLowerInvariant())) is { } platform)
        {
            return FromContract(text, platform, platform.Address, rest);
        }

        return VocabularyName().IsMatch(vocabulary) && !PlatformMap.IsCaip2Namespace(vocabulary)
            ? new AssetIdentifier(text, IdentifierKind.External)
            {
                Vocabulary = vocabulary.ToLowerInvariant(),
                ExternalId = rest.Trim(),
                Contracts = TokenContract.From(vocabulary, rest) is { } contract ? [contract] : [],
            }
            : Vocabularies;
    }

    // An upstream may know a chain that the map lacks; the catalogue decides.
    private static Parsed FromChain(string text, string chainId, string address)
    {
        if (PlatformMap.FindByCaip2($"eip155:{chainId}") is { } chain)
        {
            return FromContract(text, chain, AddressRule.IsOfAnyEvm(chain.Address) ? chain.Address : AddressRule.Evm, address);
        }

        // CAIP-2 compares references as texts: 01 is not 1.
        if (chainId.StartsWith('0') || !long.TryParse(chainId, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return $"is of chain {chainId}, which this service does not know";
        }

        return AddressRule.FindError(AddressRule.Evm, address) is { } error
            ? $"has an address that {error}"
            : new AssetIdentifier(text, IdentifierKind.Contract) { ChainId = id, Address = address.ToLowerInvariant() };
    }

    private static Guid[] GetListingIds(string source, string id, string sent) =>
        id == sent ? [StableId.ForListing(source, id)] : [StableId.ForListing(source, id), StableId.ForListing(source, sent)];

    private static Parsed ParseCaip19(string text, Match caip)
    {
        var (chain, assetNamespace, reference) = (caip.Groups["chain"].Value, caip.Groups["namespace"].Value,
            Uri.UnescapeDataString(caip.Groups["reference"].Value));
        if (caip.Groups["token"].Success)
        {
            return "names one token of a collection, and no asset; a slash of an id that stands before more of a path is written %2F";
        }

        if (PlatformMap.FindByCaip2(chain) is not { } platform)
        {
            return assetNamespace == "erc20" && chain.StartsWith(Eip155, StringComparison.Ordinal)
                ? FromChain(text, chain[Eip155.Length..], reference)
                : $"is of chain {chain}, which this service does not know";
        }

        if (assetNamespace == "slip44")
        {
            return platform is { NativeCoin: { } coin, Slip44: { } type } && reference == type.ToString(CultureInfo.InvariantCulture)
                ? new AssetIdentifier(text, IdentifierKind.NativeCoin) { ListingIds = [StableId.ForListing(SourceNames.CoinGecko, coin)] }
                : platform.Slip44 is { } known ? $"must have coin type {known} on {chain}"
                    : $"is a coin type on {chain}, for which this service knows none";
        }

        return assetNamespace == platform.TokenNamespace
            ? FromContract(text, platform, assetNamespace == "erc20" && !AddressRule.IsOfAnyEvm(platform.Address) ? AddressRule.Evm
                : platform.Address, reference)
            : platform.TokenNamespace is { } expected ? $"must have the namespace {expected} or slip44 on {chain}"
                : $"must have the namespace slip44 on {chain}";
    }

    private static Parsed FromContract(string text, PlatformEntry platform, string rule, string address)
    {
        if (AddressRule.FindError(rule, address) is { } error)
        {
            return $"has an address that {error}";
        }

        // Sources write XDC's addresses in either form.
        string[] forms = platform.Address == AddressRule.Xdc ? [$"0x{address[^40..]}", $"xdc{address[^40..].ToLowerInvariant()}"]
            : [address];
        return new AssetIdentifier(text, IdentifierKind.Contract)
        {
            Contracts = [.. forms.Select(form => TokenContract.From(platform.Key, form)!.Value).SelectMany(contract =>
                PlatformMap.Candidates(platform.Key).Select(key => contract with { Platform = key }))],
        };
    }

    [GeneratedRegex("^[A-Za-z][-A-Za-z0-9_.]{0,63}$", RegexOptions.None, 1000)]
    private static partial Regex VocabularyName();

    [GeneratedRegex(
        "^(?<chain>[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32})/(?<namespace>[-a-z0-9]{3,8}):" +
        "(?<reference>[-.%a-zA-Z0-9]{1,128})(?<token>/[-.%a-zA-Z0-9]{1,78})?$",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Caip19();

    private sealed record Parsed(AssetIdentifier? Identifier, string? Error)
    {
        public static implicit operator Parsed(AssetIdentifier identifier) => new(identifier, null);

        public static implicit operator Parsed(string error) => new(null, error);
    }
}

/// <summary>The vocabularies of ids.</summary>
public enum IdentifierKind
{
    /// <summary>Our own id.</summary>
    Asset,

    /// <summary>A source's id, with the source's name.</summary>
    Listing,

    /// <summary>A source's id without the source's name.</summary>
    BareId,

    /// <summary>A chain's native coin (CAIP-19, slip44).</summary>
    NativeCoin,

    /// <summary>A token's contract (CAIP-19, or chain and address).</summary>
    Contract,

    /// <summary>An id in a crosswalk file's vocabulary, or a contract on a platform that the platform map lacks.</summary>
    External,
}
