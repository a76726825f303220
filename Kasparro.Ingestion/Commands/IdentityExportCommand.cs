using Kasparro.Data;
using Kasparro.Ingestion.Runs;
using Kasparro.ServiceDefaults;
using Npgsql;

namespace Kasparro.Ingestion.Commands;

/// <summary>Writes every pair of a CoinPaprika and a CoinGecko listing that belong to the same asset, as CSV.</summary>
internal static class IdentityExportCommand
{
    /// <summary>Two listings matched only through a third have no decision of their own: the asset's weakest decision counts.</summary>
    private const string Sql = """
        SELECT p.external_id, g.external_id, coalesce(d.rule, 'transitive'),
               coalesce(d.confidence, (
                   SELECT min(w.confidence) FROM listings m JOIN identity_decisions w ON w.listing_id = m.listing_id
                   WHERE m.asset_id = p.asset_id AND w.asset_id = p.asset_id), 0)
        FROM listings p
        JOIN listings g ON g.asset_id = p.asset_id AND g.source = $2
        LEFT JOIN identity_decisions d ON d.listing_id = p.listing_id AND d.other_id = g.listing_id AND d.reason IS NULL
        WHERE p.source = $1
        ORDER BY p.external_id, g.external_id
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [_, { Length: > 0 } path] || path.StartsWith("--", StringComparison.Ordinal))
        {
            return Usage.Print(string.Join(' ', args));
        }

        var builder = Host.CreateApplicationBuilder();
        builder.AddPostgres<CatalogueContext>(ResourceNames.Catalogue, CatalogueContext.Configure);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        using var host = builder.Build();
        host.CheckSettings();
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        var pairs = await WriteAsync(
            host.Services.GetRequiredService<NpgsqlDataSource>(), () => new StreamWriter(Path.GetFullPath(path)), stop.Token);
        Console.WriteLine($"{pairs} pairs written to {path}");
        return ExitCodes.Completed;
    }

    /// <summary>Writes the header and the pairs; returns the number of pairs.</summary>
    /// <param name="dataSource">The catalogue.</param>
    /// <param name="open">Opens the output once the catalogue responds, so that a failure does not overwrite an earlier export.</param>
    /// <param name="cancellationToken">Cancels the query and the writing.</param>
    public static async Task<int> WriteAsync(NpgsqlDataSource dataSource, Func<TextWriter> open, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Sql);
        command.Parameters.AddValues([SourceNames.CoinPaprika, SourceNames.CoinGecko]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await using var csv = open();
        await csv.WriteAsync("coinpaprika_id,coingecko_id,rule,confidence\n".AsMemory(), cancellationToken);
        var pairs = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            var line = string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{Quote(reader.GetString(0))},{Quote(reader.GetString(1))},{reader.GetString(2)},{reader.GetDouble(3):R}\n");
            await csv.WriteAsync(line.AsMemory(), cancellationToken);
            pairs++;
        }

        return pairs;
    }

    /// <summary>Quotes an id if RFC 4180 requires it, since ids are arbitrary text.</summary>
    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
