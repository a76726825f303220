using System.ComponentModel.DataAnnotations;

namespace Kasparro.Ingestion.Matching;

/// <summary>Section <c>Identity</c>.</summary>
internal sealed class IdentityOptions
{
    public const string Section = "Identity";

    /// <summary>The reviewed overrides; relative to the program.</summary>
    [Required]
    public string OverridesFile { get; set; } = "identity-overrides.yaml";
}
