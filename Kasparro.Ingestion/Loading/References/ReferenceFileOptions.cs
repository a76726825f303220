using System.ComponentModel.DataAnnotations;

namespace Kasparro.Ingestion.Loading.References;

/// <summary>The section <c>References</c>: operators' files.</summary>
internal sealed class ReferenceFileOptions
{
    public const string Section = "References";

    /// <summary>
    /// The folder of crosswalk files: CSV files of two columns, an id in one of this service's vocabularies and an id in the file's
    /// vocabulary. Empty for none; a relative path starts at the application's folder.
    /// </summary>
    public string Crosswalks { get; set; } = "";

    /// <summary>
    /// The folder of files with tokens' decimals, which are required for token lists: CSV files of platform, address and decimals, or token
    /// lists as JSON. Empty for none; a relative path starts at the application's folder.
    /// </summary>
    public string Decimals { get; set; } = "";

    /// <summary>The maximum size of a file, in bytes.</summary>
    [Range(1_024L, 1_073_741_824L)]
    public long MaxFileBytes { get; set; } = 64 * 1024 * 1024;
}
