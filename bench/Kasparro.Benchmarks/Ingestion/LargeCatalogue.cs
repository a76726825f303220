namespace Kasparro.Benchmarks.Ingestion;

/// <summary>Creates a large catalogue from copies of ingested records with all their rows, with other ids and another source.</summary>
internal static class LargeCatalogue
{
    private const string OtherName = "'symbol', row.symbol || n, 'symbol_key', row.symbol_key || n, 'name', row.name || ' ' || n";

    private static readonly string[] Copies =
    [
        Copy("quotes", "'listing_id', {id}"),
        Copy("hourly_candles", "'listing_id', {id}"),
        Copy("assets", $"'asset_id', {{id}}, 'source', '{{source}}', {OtherName}"),
        Copy("listings",
            $"'listing_id', {{id}}, 'asset_id', {{id}}, 'source', '{{source}}', 'external_id', row.external_id || '-' || n, "
                + $"'match_key', row.match_key || n, {OtherName}"),
    ];

    /// <summary>Creates the catalogue in a new database.</summary>
    /// <param name="arguments">The arguments, which determine how many records are ingested.</param>
    /// <param name="name">The name of the database.</param>
    /// <param name="copies">The number of copies of each record.</param>
    /// <param name="forgetsOriginals">Whether to delete the ingested records afterwards, as if their source had never been read.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<BenchDatabase> CreateAsync(
        BenchArguments arguments, string name, int copies, bool forgetsOriginals, CancellationToken cancellationToken)
    {
        var database = await BenchDatabase.CreateAsync(arguments.Postgres, name, cancellationToken);
        using var pipeline = new BenchPipeline(database.ConnectionString, arguments.Redis);
        var upstream = CannedUpstream.Create(new SyntheticRecords(seed: 2), arguments.Records, changed: false);
        await pipeline.IngestAsync(SourceNames.CoinPaprika, upstream, (arguments.Records, 0, 0), cancellationToken);
        foreach (var copy in Copies)
        {
            await database.ExecuteAsync(copy.Replace("{times}", $"{copies}", StringComparison.Ordinal), cancellationToken);
        }

        if (forgetsOriginals)
        {
            await database.ForgetAsync(SourceNames.CoinPaprika, cancellationToken);
        }

        return database;
    }

    /// <summary>Only the keys are named, so that the schema may grow.</summary>
    private static string Copy(string table, string keys)
    {
        var id = $"md5(row.{(table == "assets" ? "asset_id" : "listing_id")}::text || n)::uuid";
        keys = keys.Replace("{id}", id, StringComparison.Ordinal).Replace("{source}", SourceNames.Csv, StringComparison.Ordinal);
        return $$"""
            INSERT INTO {{table}} SELECT copied.* FROM {{table}} AS row, generate_series(1, {times}) AS n,
                LATERAL jsonb_populate_record(row, jsonb_build_object({{keys}})) AS copied
            """;
    }
}
