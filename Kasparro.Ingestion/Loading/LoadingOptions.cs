using System.ComponentModel.DataAnnotations;

namespace Kasparro.Ingestion.Loading;

/// <summary>The section <c>Ingestion</c>: the conditions for loading a page.</summary>
internal sealed class LoadingOptions
{
    public const string Section = "Ingestion";

    /// <summary>
    /// The maximum share of a page's records that may be rejected, 0–1; a page with more fails its run, and none of it is loaded.
    /// </summary>
    [Range(0, 1)]
    public double MaxRejectedShare { get; set; } = 0.5;
}
