using Microsoft.Extensions.Configuration;

namespace Kasparro.ServiceDefaults.Settings;

/// <summary>The names of settings in a section; several records may describe the same section.</summary>
internal sealed record SettingNames(string Section, IReadOnlyList<string> Names)
{
    /// <summary>Finds unknown settings in these sections and their parent sections: typos, or settings that were removed.</summary>
    public static IEnumerable<string> FindUnknown(IEnumerable<SettingNames> sections, IConfiguration configuration) =>
        from section in sections
            .SelectMany(section => section.Names.Select(name => ConfigurationPath.Combine(section.Section, name)).Append(section.Section))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToLookup(
                path => ConfigurationPath.GetParentPath(path) ?? "", ConfigurationPath.GetSectionKey, StringComparer.OrdinalIgnoreCase)
        where section.Key.Length > 0
        from child in configuration.GetSection(section.Key).GetChildren()
        where !section.Contains(child.Key, StringComparer.OrdinalIgnoreCase)
        select $"{child.Path} is not a setting; {section.Key} has {string.Join(", ", section.Order(StringComparer.Ordinal))}.";
}
