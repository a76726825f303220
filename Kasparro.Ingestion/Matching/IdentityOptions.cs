using System.ComponentModel.DataAnnotations;
using Kasparro.ServiceDefaults.Settings;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Matching;

/// <summary>The section <c>Identity</c>: settings of entity resolution.</summary>
internal sealed class IdentityOptions
{
    public const string Section = "Identity";

    /// <summary>The file of reviewed overrides; a relative path starts at the application's folder.</summary>
    [Required]
    public string OverridesFile { get; set; } = "identity-overrides.yaml";

    private MatchOverrides? _overrides;

    /// <summary>Returns the overrides in the file, which is read once, when the settings are validated.</summary>
    /// <exception cref="SettingsException">The file cannot be read, or has an error.</exception>
    public MatchOverrides ReadOverrides() =>
        _overrides ??= MatchOverridesFile.Read(Path.Combine(AppContext.BaseDirectory, OverridesFile));
}

/// <summary>Reports errors in the overrides file along with those in the settings.</summary>
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
