using System.Text.RegularExpressions;
using Kasparro.Ingestion.Runs;

namespace Kasparro.Ingestion.Commands;

/// <summary>What the command line can say.</summary>
internal static partial class Usage
{
    private const string Text = """
        usage: Kasparro.Ingestion                                the scheduled worker
               Kasparro.Ingestion migrate                        applies the schema's migrations
               Kasparro.Ingestion ingest [--source NAME] [--file FILE]
                                                                 one ingestion (NAME: coinpaprika, coingecko, csv_source)
               Kasparro.Ingestion ingest --replay-rejected [--source NAME]
                                                                 loads rejected records that today's rules accept
               Kasparro.Ingestion identity-export OUT            CSV of every pair of listings that is one asset
               Kasparro.Ingestion --healthcheck                  checks the health of the worker in this container: exit code 0 or 1

        The worker, migrate and ingest take settings as well, such as --Ingestion:Interval=00:01:00 (docs/configuration.md).
        """;

    /// <summary>Says what can be said, since what was said cannot be understood.</summary>
    public static int Print(string wrong)
    {
        Console.Error.WriteLine($"'{wrong}' is not understood.");
        Console.Error.WriteLine(Text);
        return ExitCodes.Usage;
    }

    /// <summary>Says what can be said, on request.</summary>
    public static int Print()
    {
        Console.WriteLine(Text);
        return ExitCodes.Completed;
    }

    /// <summary>
    /// The first argument that is neither a setting nor a switch with its value; null where there is none. The configuration would pass
    /// over it in silence.
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
