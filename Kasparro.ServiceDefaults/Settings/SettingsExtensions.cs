using System.Collections;
using Kasparro.ServiceDefaults.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>Settings that are checked all at once, before anything is started with them.</summary>
public static class SettingsExtensions
{
    /// <summary>
    /// Adds options bound to a section, which <see cref="CheckSettings"/> looks at; so it does at validators that are added.
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
    /// Has <see cref="CheckSettings"/> know the names of a section: the others that are set there are mistakes, which would have no effect.
    /// </summary>
    public static IServiceCollection AddSettingNames(this IServiceCollection services, string section, params string[] names) =>
        services.AddSingleton(new SettingNames(section, names));

    /// <summary>Has <see cref="CheckSettings"/> look for more mistakes: sentences that begin with the setting and show no secret.</summary>
    public static IServiceCollection AddSettingsCheck(
        this IServiceCollection services, Func<IConfiguration, IEnumerable<string>> findMistakes) =>
        services.AddSingleton<ISettingsCheck>(new ConfigurationCheck(findMistakes));

    /// <summary>Has <see cref="CheckSettings"/> demand a connection string that <paramref name="parse"/> takes.</summary>
    public static IServiceCollection AddConnectionStringCheck(this IServiceCollection services, string name, Action<string> parse) =>
        services.AddSettingsCheck(configuration =>
        {
            if (configuration.GetConnectionString(name) is not { Length: > 0 } text)
            {
                return [$"ConnectionStrings:{name} is not set."];
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
                // What the parser says may hold a part of a password.
                return [$"ConnectionStrings:{name} cannot be read as a connection string."];
            }
        });

    /// <summary>Throws one exception with every mistake of the configuration; before anything else of the host is used.</summary>
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
