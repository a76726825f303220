using System.Globalization;
using Kasparro.ServiceDefaults.Settings;

namespace Kasparro.AppHost;

/// <summary>The graph's own settings. An invalid one ends the start with a line that names it.</summary>
internal static class GraphSettings
{
    /// <summary>Ends the process with the message of a <see cref="DistributedApplicationException"/> instead of a stack trace.</summary>
    public static void ReportRefusals() => AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
    {
        if (unhandled.ExceptionObject is DistributedApplicationException refusal)
        {
            Console.Error.WriteLine($"error: {refusal.Message}");
            Environment.Exit(SettingsException.ExitCode);
        }
    };

    /// <summary>The setting's value, or null if it is missing or empty.</summary>
    /// <exception cref="DistributedApplicationException">The setting is not a valid <typeparamref name="T"/>.</exception>
    public static T? Read<T>(this IDistributedApplicationBuilder builder, string name, string expected)
        where T : struct, IParsable<T> =>
        builder.Configuration[name] is not { Length: > 0 } text ? null
        : T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value
        : throw new DistributedApplicationException($"{name} is '{text}': {expected} is expected.");

    /// <summary>The value of a boolean setting, or null if it is missing.</summary>
    public static bool? ReadSwitch(this IDistributedApplicationBuilder builder, string name) =>
        builder.Read<bool>(name, "true or false");
}
