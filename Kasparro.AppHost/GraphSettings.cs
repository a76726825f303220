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

    /// <summary>
    /// Keeps the requests of the graph to this machine, such as those to the orchestrator, away from a proxy that HTTP_PROXY or HTTPS_PROXY
    /// names: .NET sends them there unless NO_PROXY has every name of this machine.
    /// </summary>
    public static void BypassProxyForLoopback()
    {
        var own = Environment.GetEnvironmentVariable("no_proxy") ?? Environment.GetEnvironmentVariable("NO_PROXY");
        var bypassed = string.Join(',', new[] { own, "localhost", "127.0.0.1", "[::1]" }.Where(name => name is { Length: > 0 }));
        Environment.SetEnvironmentVariable("no_proxy", bypassed);
        Environment.SetEnvironmentVariable("NO_PROXY", bypassed);
    }

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
