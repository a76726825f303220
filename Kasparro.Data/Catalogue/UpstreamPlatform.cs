namespace Kasparro.Data.Catalogue;

/// <summary>A platform as a source describes it: evidence for chains that the platform map lacks.</summary>
public sealed class UpstreamPlatform
{
    /// <summary>The source that describes the platform (<see cref="SourceNames"/>).</summary>
    public required string Source { get; init; }

    /// <summary>The source's own id of the platform.</summary>
    public required string PlatformId { get; init; }

    /// <summary>The platform as contracts name it (<see cref="AssetPlatform.Platform"/>).</summary>
    public required string Platform { get; init; }

    /// <summary>The name, as sent.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// The chain id of an EVM network (EIP-155); null if the source gives none, or one that contradicts the platform map.
    /// </summary>
    public long? ChainId { get; init; }

    /// <summary>The source's id of the coin that pays the chain's fees.</summary>
    public string? NativeCoin { get; init; }

    /// <summary>The time at which the source was read.</summary>
    public DateTimeOffset SeenAt { get; init; }
}
