using System.Text.RegularExpressions;

namespace Kasparro.ServiceDefaults.Settings;

/// <summary>Checks the command-line arguments of a service.</summary>
public static partial class CommandLine
{
    /// <summary>The exit code of a process whose arguments are invalid.</summary>
    public const int ExitCode = 2;

    /// <summary>
    /// Finds the first argument that is neither a setting nor a switch with its value, or null if there is none. The configuration would
    /// silently ignore such an argument.
    /// </summary>
    /// <param name="arguments">The arguments, without the command.</param>
    /// <param name="switches">The switches that take a value, as <c>--name value</c> or <c>--name=value</c>.</param>
    public static string? FindUnknown(IEnumerable<string> arguments, params string[] switches)
    {
        string? open = null;
        foreach (var argument in arguments)
        {
            if (open is not null)
            {
                if (argument.StartsWith("--", StringComparison.Ordinal))
                {
                    return open;
                }

                open = null;
                continue;
            }

            var name = argument.Split('=', 2)[0];
            if (!Setting().IsMatch(name) && !switches.Contains(name, StringComparer.Ordinal))
            {
                return argument;
            }

            open = name == argument ? argument : null;
        }

        return open;
    }

    [GeneratedRegex("^--[A-Za-z]+(:[A-Za-z0-9_]+)+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Setting();
}
