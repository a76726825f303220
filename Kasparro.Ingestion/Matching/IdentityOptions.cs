using System.ComponentModel.DataAnnotations;
using Kasparro.ServiceDefaults.Settings;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Matching;

/// <summary>Section <c>Identity</c>.</summary>
internal sealed class IdentityOptions
{
    public const string Section = "Identity";

    /// <summary>The reviewed overrides; relative to the program.</summary>
    [Required]
    public string OverridesFile { get; set; } = "identity-overrides.yaml";

    private MatchOverrides? _overrides;

    /// <summary>What the file says; read once, when the settings are looked at.</summary>
    /// <exception cref="SettingsException">The file cannot be read, or has a mistake.</exception>
    public MatchOverrides ReadOverrides() =>
        _overrides ??= MatchOverridesFile.Read(Path.Combine(AppContext.BaseDirectory, OverridesFile));
}

/// <summary>Has a mistake in the overrides told with those of the settings.</summary>
internal sealed class OverridesFileValidator : IValidateOptions<IdentityOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, IdentityOptions options)
    {
        try
        {
            options.ReadOverrides();
            return ValidateOptionsResult.Success;
        }
        catch (SettingsException e)
        {
            return ValidateOptionsResult.Fail(e.Mistakes.Select(mistake =>
                $"{IdentityOptions.Section}:{nameof(options.OverridesFile)}: {mistake}"));
        }
    }
}
