using System.Collections;
using Kasparro.ServiceDefaults.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers settings and checks all of them at once, before anything starts.</summary>
public static class SettingsExtensions
{
    /// <summary>
    /// Adds options that are bound to a section, which <see cref="CheckSettings"/> checks along with any validators that are added.
    /// </summary>
    public static OptionsBuilder<TOptions> AddSettings<TOptions>(this IServiceCollection services, string section)
        where TOptions : class, new()
    {
        services.AddSingleton<ISettingsCheck>(new SectionCheck<TOptions>(section));
        services.AddSettingNames(section, [.. typeof(TOptions).GetProperties()
            .Where(property => property.SetMethod is { IsPublic: true } || property.PropertyType.IsAssignableTo(typeof(IDictionary)))
            .Select(property => property.Name)]);
        return services.AddOptions<TOptions>().BindConfiguration(section);
    }

    /// <summary>
    /// Registers names of settings in a section; <see cref="CheckSettings"/> reports other names that are set there, which have no effect.
    /// </summary>
    public static IServiceCollection AddSettingNames(this IServiceCollection services, string section, params string[] names) =>
        services.AddSingleton(new SettingNames(section, names));

    /// <summary>Adds a check to <see cref="CheckSettings"/>; its mistakes begin with the setting's name and contain no secret.</summary>
    public static IServiceCollection AddSettingsCheck(
        this IServiceCollection services, Func<IConfiguration, IEnumerable<string>> findMistakes) =>
        services.AddSingleton<ISettingsCheck>(new ConfigurationCheck(findMistakes));

    /// <summary>Makes <see cref="CheckSettings"/> require a connection string that <paramref name="parse"/> accepts.</summary>
    public static IServiceCollection AddConnectionStringCheck(this IServiceCollection services, string name, Action<string> parse) =>
        services.AddSettingsCheck(configuration =>
        {
            if (configuration.GetConnectionString(name) is not { } text || string.IsNullOrWhiteSpace(text))
            {
                return [$"ConnectionStrings:{name} is not set."];
            }

            if (text.Trim() is ['"', .., '"'] or ['\'', .., '\''])
            {
                return [$"ConnectionStrings:{name} is in quotes, which only a shell takes away: leave them out."];
            }

            try
            {
                parse(text);
                return [];
            }
            catch (ConnectionUriException e)
            {
                return [$"ConnectionStrings:{name} {e.Message}"];
            }
            catch (Exception e) when (e is ArgumentException or FormatException)
            {
                // The parser's message may contain a part of a password.
                return [$"ConnectionStrings:{name} cannot be read as a connection string."];
            }
        });

    /// <summary>Throws one exception with all mistakes of the configuration; must run before anything else of the host is used.</summary>
    /// <exception cref="SettingsException">There are mistakes.</exception>
    public static void CheckSettings(this IHost host)
    {
        var configuration = host.Services.GetRequiredService<IConfiguration>();
        List<string> mistakes = [
            .. host.Services.GetServices<ISettingsCheck>().SelectMany(check => check.FindMistakes(host.Services, configuration)),
            .. SettingNames.FindUnknown(host.Services.GetServices<SettingNames>(), configuration)];
        if (mistakes.Count > 0)
        {
            throw new SettingsException(mistakes);
        }
    }
}
