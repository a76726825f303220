using System.Diagnostics;
using System.Globalization;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Benchmarks.Ingestion;

/// <summary>
/// Reads, inserts and commits one row at a time, like the service that this one replaces (<c>bench/row_loop.py</c>, with the
/// object-relational mapper that it used), and in C# without a mapper. It writes the rows of a finished run, so it does not parse, check or
/// decide anything.
/// </summary>
internal sealed class RowLoop
{
    private static readonly (string Table, string Key)[] Tables =
    [
        ("listings", "listing_id"), ("raw_records", "listing_id"), ("quotes", "listing_id"), ("assets", "asset_id"),
    ];

    private readonly List<Row[]> _records = [];
    private readonly List<string> _lines = [];

    private RowLoop()
    {
    }

    private static string Script => Path.Combine("bench", "row_loop.py");

    /// <summary>Reads the rows of <paramref name="records"/> listings that each have a separate asset.</summary>
    public static async Task<RowLoop> OfAsync(BenchDatabase database, int records, CancellationToken cancellationToken)
    {
        // That service stored the sources' data record by record.
        await database.ExecuteAsync(
            """
            CREATE TABLE IF NOT EXISTS raw_records (
                listing_id uuid, fetched_at timestamptz, stream text, content_hash uuid NOT NULL, run_id uuid NOT NULL,
                payload jsonb NOT NULL, PRIMARY KEY (listing_id, fetched_at, stream));
            INSERT INTO raw_records SELECT e.listing_id, p.fetched_at, p.stream, gen_random_uuid(), p.run_id, e.record::jsonb
            FROM raw_pages p
            CROSS JOIN LATERAL ROWS FROM (unnest(p.listing_ids), json_array_elements(p.payload)) AS e (listing_id, record)
            ON CONFLICT DO NOTHING
            """,
            cancellationToken);
        var rows = new List<List<Row>>();
        foreach (var (table, key) in Tables)
        {
            rows.Add(await ReadAsync(database, table, key, records, cancellationToken));
        }

        await database.ExecuteAsync("TRUNCATE raw_records", cancellationToken);
        var loop = new RowLoop();
        for (var i = 0; i < rows.Min(table => table.Count); i++)
        {
            loop._records.Add([.. rows.Select(table => table[i])]);
            loop._lines.AddRange(rows.Select((table, j) => $$"""{"table":"{{Tables[j].Table}}","row":{{table[i].Json}}}"""));
        }

        return loop;
    }

    /// <summary>Writes the rows into empty tables.</summary>
    /// <param name="database">The database, with empty tables.</param>
    /// <param name="commitEachRow">Whether to commit each of a record's four rows, rather than each record.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The time per record.</returns>
    public async Task<TimeSpan> WriteAsync(BenchDatabase database, bool commitEachRow, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        await using var connection = await database.Connections.OpenConnectionAsync(cancellationToken);
        var began = time.GetTimestamp();
        foreach (var record in _records)
        {
            foreach (var commit in commitEachRow ? record.Select(row => new[] { row }) : [record])
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                foreach (var row in commit)
                {
                    await row.WriteAsync(connection, cancellationToken);
                }

                await transaction.CommitAsync(cancellationToken);
            }
        }

        return time.GetElapsedTime(began) / _records.Count;
    }

    /// <summary>Writes the rows into empty tables with the script, which commits each of a record's four rows.</summary>
    /// <returns>The time per record.</returns>
    /// <exception cref="InvalidOperationException">The script failed; its output is in the message.</exception>
    public async Task<TimeSpan> WriteByScriptAsync(BenchDatabase database, CancellationToken cancellationToken)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(file, _lines, cancellationToken);
            var server = new NpgsqlConnectionStringBuilder(database.ConnectionString);

            // Debian's own Python has Debian's packages; another Python may come first in PATH.
            var start = new ProcessStartInfo("/usr/bin/python3", [Script, file])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment =
                {
                    ["PGHOST"] = server.Host,
                    ["PGPORT"] = server.Port.ToString(CultureInfo.InvariantCulture),
                    ["PGUSER"] = server.Username,
                    ["PGDATABASE"] = server.Database,
                },
            };
            if (server.Password is { } password)
            {
                start.Environment["PGPASSWORD"] = password;
            }

            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellationToken),
                process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? TimeSpan.FromSeconds(double.Parse(await output, CultureInfo.InvariantCulture)) / _records.Count
                : throw new InvalidOperationException($"{Script} failed: {await error}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<List<Row>> ReadAsync(
        BenchDatabase database, string table, string key, int count, CancellationToken cancellationToken)
    {
        var rows = new List<Row>(count);
        await using var command = database.Connections.CreateCommand(
            $"SELECT t.*, to_jsonb(t)::text FROM {table} t JOIN listings l ON l.listing_id = t.{key} WHERE l.asset_id = l.listing_id "
                + $"ORDER BY l.listing_id LIMIT {count}");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = Enumerable.Range(0, reader.FieldCount - 1).Select(reader.GetName).ToArray();
        var types = Enumerable.Range(0, columns.Length).Select(reader.GetDataTypeName).ToArray();
        var select = $"SELECT * FROM {table} WHERE {key} = $1";
        var insert = $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES "
            + $"({string.Join(", ", columns.Select((_, i) => $"${i + 1}"))})";
        while (await reader.ReadAsync(cancellationToken))
        {
            var values = new object[reader.FieldCount];
            reader.GetValues(values);
            rows.Add(new(select, insert, types, values[..^1], (string)values[^1]));
        }

        return rows;
    }

    private sealed record Row(string Select, string Insert, string[] Types, object[] Values, string Json)
    {
        public async Task WriteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
        {
            await using var select = new NpgsqlCommand(Select, connection);
            select.Parameters.AddValues([Values[0]]);
            if (await select.ExecuteScalarAsync(cancellationToken) is not null)
            {
                throw new InvalidOperationException("The tables are not empty.");
            }

            await using var insert = new NpgsqlCommand(Insert, connection);
            for (var i = 0; i < Values.Length; i++)
            {
                insert.Parameters.Add(new() { Value = Values[i], DataTypeName = Types[i] });
            }

            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
