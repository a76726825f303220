using Kasparro.Ingestion.Runs;

namespace Kasparro.Ingestion.Commands;

/// <summary>The usage text of the command line.</summary>
internal static class Usage
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

    /// <summary>Prints the usage after an invalid command line; returns the exit code.</summary>
    public static int Print(string wrong)
    {
        Console.Error.WriteLine($"'{wrong}' is not understood.");
        Console.Error.WriteLine(Text);
        return ExitCodes.Usage;
    }

    /// <summary>Prints the usage on request; returns the exit code.</summary>
    public static int Print()
    {
        Console.WriteLine(Text);
        return ExitCodes.Completed;
    }
}
