using System.ComponentModel.DataAnnotations;

namespace Kasparro.Ingestion.Sources;

/// <summary>Section <c>Upstreams</c>: what stands behind the upstreams' URLs; every run carries it.</summary>
internal sealed class UpstreamKind
{
    public const string Section = "Upstreams";

    /// <summary><c>live</c>, <c>simulated</c> or <c>recorded</c>.</summary>
    [AllowedValues("live", "simulated", "recorded", ErrorMessage = "live, simulated or recorded is expected.")]
    public string Kind { get; set; } = "live";

    /// <summary>Whether the vendors themselves answer: only their calls are counted against a plan.</summary>
    public bool IsLive => string.Equals(Kind, "live", StringComparison.Ordinal);
}
