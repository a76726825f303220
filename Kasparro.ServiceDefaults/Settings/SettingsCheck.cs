using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kasparro.ServiceDefaults.Settings;

/// <summary>Finds mistakes in a part of the configuration, without throwing at the first one.</summary>
internal interface ISettingsCheck
{
    /// <summary>The mistakes, each a sentence that begins with the setting's name and contains no value that may be a secret.</summary>
    IEnumerable<string> FindMistakes(IServiceProvider services, IConfiguration configuration);
}

/// <summary>A check that needs only the configuration.</summary>
internal sealed class ConfigurationCheck(Func<IConfiguration, IEnumerable<string>> find) : ISettingsCheck
{
    public IEnumerable<string> FindMistakes(IServiceProvider services, IConfiguration configuration) => find(configuration);
}

/// <summary>
/// Checks the settings of a section: whether each can be parsed as its property's type, and whether those that can pass the attributes and
/// validators.
/// </summary>
internal sealed class SectionCheck<TOptions>(string section) : ISettingsCheck
    where TOptions : class, new()
{
    public IEnumerable<string> FindMistakes(IServiceProvider services, IConfiguration configuration)
    {
        var mistakes = new List<string>();
        var given = configuration.GetSection(section);
        var readable = new List<KeyValuePair<string, string?>>();
        foreach (var child in given.GetChildren())
        {
            var values = child.AsEnumerable().Select(entry => KeyValuePair.Create(entry.Key[(given.Path.Length + 1)..], entry.Value))
                .ToList();
            if (FindUnreadable(child, values) is { } mistake)
            {
                mistakes.Add(mistake);
            }
            else
            {
                readable.AddRange(values);
            }
        }

        var options = Bind(readable);
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        mistakes.AddRange(results.Select(result => $"{section}:{result.MemberNames.FirstOrDefault()}: {result.ErrorMessage}"));

        // The attributes have already been checked.
        foreach (var validator in services.GetServices<IValidateOptions<TOptions>>()
            .Where(validator => validator is not DataAnnotationValidateOptions<TOptions>))
        {
            mistakes.AddRange(validator.Validate(Options.DefaultName, options) is { Failed: true, Failures: var failures } ? failures : []);
        }

        return mistakes;
    }

    private static string? FindUnreadable(IConfigurationSection child, List<KeyValuePair<string, string?>> values)
    {
        var type = typeof(TOptions).GetProperty(
            child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)?.PropertyType;
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;

        // .NET skips entries of a dictionary that it cannot bind.
        if (type?.IsAssignableTo(typeof(IDictionary)) is true)
        {
            return child.GetChildren().Select(entry => FindUnreadable(entry, type.GetGenericArguments()[1], [])).OfType<string>()
                .FirstOrDefault();
        }

        return FindUnreadable(child, type, values);
    }

    private static string? FindUnreadable(IConfigurationSection child, Type? type, List<KeyValuePair<string, string?>> values)
    {
        if (IsBindable(values) && (string.IsNullOrWhiteSpace(child.Value) || IsPlain(type, child.Value.Trim())))
        {
            return null;
        }

        var wanted = type switch
        {
            { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(type))} is expected",
            _ when type == typeof(TimeSpan) => "a time such as 00:00:30, or 1.00:00:00 for a day, is expected",
            _ when type == typeof(bool) => "true or false is expected",
            { IsPrimitive: true } => "a number is expected",
            _ => $"a {type?.Name} is expected",
        };
        return $"{child.Path} is '{child.Value}': {wanted}.";
    }

    /// <summary>
    /// Whether a text is bound to the value that people expect. .NET parses 24:00:00 as 24 days, 30 as 30 days, and any number as an enum
    /// value.
    /// </summary>
    private static bool IsPlain(Type? type, string text) =>
        type == typeof(TimeSpan) ? text == "0" || SettingsPatterns.Time().IsMatch(text)
        : type is not { IsEnum: true } || Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase);

    private static bool IsBindable(List<KeyValuePair<string, string?>> values)
    {
        try
        {
            Bind(values);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static TOptions Bind(IEnumerable<KeyValuePair<string, string?>> values)
    {
        var options = new TOptions();
        new ConfigurationBuilder().AddInMemoryCollection(values).Build().Bind(options);
        return options;
    }
}

/// <summary>The text formats of settings.</summary>
internal static partial class SettingsPatterns
{
    /// <summary>A time as described in docs/configuration.md: <c>[days.]hours:minutes[:seconds[.fraction]]</c>.</summary>
    [GeneratedRegex(
        @"^-?([0-9]+\.)?([01]?[0-9]|2[0-3]):[0-5]?[0-9](:[0-5]?[0-9](\.[0-9]{1,7})?)?$", RegexOptions.ExplicitCapture, 1000)]
    public static partial Regex Time();
}
