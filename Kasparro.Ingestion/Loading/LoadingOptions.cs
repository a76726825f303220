using System.ComponentModel.DataAnnotations;

namespace Kasparro.Ingestion.Loading;

/// <summary>Section <c>Ingestion</c>: what a page has to be to be loaded.</summary>
internal sealed class LoadingOptions
{
    public const string Section = "Ingestion";

    /// <summary>
    /// The share of a page's records that may be rejected; a worse page fails its run instead of loading what is left of it.
    /// </summary>
    [Range(0, 1)]
    public double MaxRejectedShare { get; set; } = 0.5;
}
