using System.ComponentModel.DataAnnotations;

namespace Kasparro.Ingestion.Sources;

/// <summary>The section <c>Upstreams</c>: what is behind the upstreams' URLs; recorded with every run.</summary>
internal sealed class UpstreamKind
{
    public const string Section = "Upstreams";

    /// <summary><c>live</c>, <c>simulated</c> or <c>recorded</c>.</summary>
    [AllowedValues("live", "simulated", "recorded", ErrorMessage = "live, simulated or recorded is expected.")]
    public string Kind { get; set; } = "live";

    /// <summary>Whether the vendors themselves respond: only calls to them count against a plan.</summary>
    public bool IsLive => string.Equals(Kind, "live", StringComparison.Ordinal);
}
