using System.Globalization;
using Kasparro.ServiceDefaults.Settings;

namespace Kasparro.AppHost;

/// <summary>The graph's own settings. A mistake in one ends the start with a line that names it.</summary>
internal static class GraphSettings
{
    /// <summary>Has a refusal to start end the process with its message, in place of a stack trace.</summary>
    public static void ReportRefusals() => AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
    {
        if (unhandled.ExceptionObject is DistributedApplicationException refusal)
        {
            Console.Error.WriteLine($"error: {refusal.Message}");
            Environment.Exit(SettingsException.ExitCode);
        }
    };

    /// <summary>The setting's value; null where it is not given, or empty.</summary>
    /// <exception cref="DistributedApplicationException">The setting is no <typeparamref name="T"/>.</exception>
    public static T? Read<T>(this IDistributedApplicationBuilder builder, string name, string expected)
        where T : struct, IParsable<T> =>
        builder.Configuration[name] is not { Length: > 0 } text ? null
        : T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value
        : throw new DistributedApplicationException($"{name} is '{text}': {expected} is expected.");

    /// <summary>A switch; null where it is not given.</summary>
    public static bool? ReadSwitch(this IDistributedApplicationBuilder builder, string name) =>
        builder.Read<bool>(name, "true or false");
}
