using System.Text;
using System.Text.Json;
using Kasparro.Data.Runs;
using Microsoft.AspNetCore.Http;

namespace Kasparro.Tests.Chaos;

/// <summary>Mutated payloads and CSV rows in the whole pipeline: every record is either loaded or rejected.</summary>
public sealed class MutatedInputTests(BackingServices services) : IDisposable
{
    private const int PageSize = 50;

    private readonly string _folder = Directory.CreateTempSubdirectory("kasparro-mutated-").FullName;
    private readonly Mutator _mutator = new(ChaosRun.Seed);

    [Fact]
    public async Task Loaded_and_rejected_add_up_to_what_came_in_when_records_are_mutated()
    {
        var records = ChaosRun.Count(sample: 2_000, full: 10_000) / 4;
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await IngestionHarness.CreateAsync(
            services,
            upstream.Url,
            Cancellation,
            ("Ingestion:MaxRejectedShare", "1"),
            ("Sources:CoinPaprika:PageSize", $"{PageSize}"),
            ("Sources:Csv:Path", Path.Combine(_folder, "mutated.csv")),
            ("Sources:Csv:PageSize", $"{PageSize}"));

        var input = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            [SourceNames.CoinPaprika] = List(upstream, "/coins", records, Coin) + List(upstream, "/tickers", records, Ticker),
            [SourceNames.CoinGecko] = Markets(upstream, records),
            [SourceNames.Csv] = await CsvAsync(records),
        };
        var outcome = await ingestion.IngestAsync(Cancellation);

        Assert.Equal(3, outcome.Sources.Count);
        foreach (var source in outcome.Sources)
        {
            Assert.True(source.Status == RunStatus.Completed, source.ToString());
            Assert.Equal(input[source.Source], source.Totals.Read);
            Assert.InRange(source.Totals.Rejected, 1, source.Totals.Read - 1); // The mutations are neither harmless nor fatal.

            // One row per record and fault: a record that is rejected twice for the same reason is stored once.
            var kept = await ingestion.ScalarAsync<long>(
                $"SELECT count(*) FROM rejected_records WHERE source = '{source.Source}'", Cancellation);
            Assert.InRange(kept, 0.95 * source.Totals.Rejected, source.Totals.Rejected);
            Assert.Equal(
                source.Totals.Inserted,
                await ingestion.ScalarAsync<long>($"SELECT count(*) FROM listings WHERE source = '{source.Source}'", Cancellation));
        }

        var reasons = await ingestion.RowsAsync("SELECT reason, count(*) FROM rejected_records GROUP BY 1 ORDER BY 2 DESC", Cancellation);
        var (rejected, read) = (outcome.Sources.Sum(source => source.Totals.Rejected), outcome.Sources.Sum(source => source.Totals.Read));
        ChaosRun.Tell(
            $"{4 * records} mutated payloads and CSV rows, {read} records: {read - rejected} loaded + {rejected} "
                + $"rejected = {read}; 0 crashes, 0 stuck runs ("
            + string.Join(", ", reasons.Select(reason => reason.Replace(" |", "", StringComparison.Ordinal))) + ")");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Coin(int n) =>
        $$"""{"id":"coin-{{n}}","name":"Coin {{n}}","symbol":"C{{n}}","rank":{{n + 1}},"is_new":false,"is_active":true,"type":"coin"}""";

    private static string Ticker(int n) => $$"""
        {"id":"coin-{{n}}","name":"Coin {{n}}","symbol":"C{{n}}","rank":{{n + 1}},"total_supply":1000,"max_supply":null,
         "last_updated":"2026-01-01T00:00:00Z",
         "quotes":{"USD":{"price":{{n}}.5,"volume_24h":10,"market_cap":{{n + 1}}000,"percent_change_1h":0.1} } }
        """;

    /// <summary>
    /// Serves a list as one response. A mutation that breaks the list itself is served once, first; the retry gets the intact list.
    /// </summary>
    private int List(StubUpstream upstream, string route, int count, Func<int, string> record)
    {
        var (elements, number, broken) = Mutate(Enumerable.Range(0, count).Select(record));
        upstream.On(route, context => WriteAsync(context, Array(elements)));
        if (broken.Count > 0)
        {
            BreakOnce(upstream, route, Array([.. elements.Take(elements.Count / 2), broken[0], .. elements.Skip(elements.Count / 2)]),
                Array(elements));
        }

        return number;
    }

    private int Markets(StubUpstream upstream, int count)
    {
        var total = 0;
        var pages = (count + PageSize - 1) / PageSize;
        for (var page = 0; page < pages; page++)
        {
            var coins = Enumerable.Range(page * PageSize, Math.Min(PageSize, count - (page * PageSize)))
                .Select(n => StubUpstream.Coin($"coin-{n}", $"c{n}", $"Coin {n}", n + 0.5));
            var (elements, number, broken) = Mutate(coins);
            var route = StubUpstream.Market(page + 1);
            upstream.On(route, context => WriteAsync(context, Array(elements)));
            if (broken.Count > 0)
            {
                BreakOnce(upstream, route, Array([.. elements, broken[0]]), Array(elements));
            }

            total += number;
        }

        return total;
    }

    /// <summary>
    /// Mutates records. Returns the elements, the number of records that a parser finds in them (a mutation can make two out of one), and
    /// the mutations after which the list cannot be parsed, which are replaced by the original records.
    /// </summary>
    private (List<byte[]> Elements, int Number, List<byte[]> Broken) Mutate(IEnumerable<string> records)
    {
        var elements = new List<byte[]>();
        var broken = new List<byte[]>();
        var number = 0;
        foreach (var record in records)
        {
            var mutated = _mutator.Chance(80) ? _mutator.Json(record) : Encoding.UTF8.GetBytes(record);
            if (CountIn(mutated) is > 0 and var count)
            {
                elements.Add(mutated);
                number += count;
            }
            else
            {
                broken.Add(mutated);
                elements.Add(Encoding.UTF8.GetBytes(record));
                number++;
            }
        }

        return (elements, number, broken);
    }

    private static int CountIn(byte[] elements)
    {
        try
        {
            using var document = JsonDocument.Parse(Array([elements]), new JsonDocumentOptions { MaxDepth = 512 });
            return document.RootElement.ValueKind is JsonValueKind.Array ? document.RootElement.GetArrayLength() : 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    private async Task<int> CsvAsync(int count)
    {
        var text = new MemoryStream();
        text.Write("id,symbol,name,price_usd,market_cap\n"u8);
        var rows = 0;
        for (var n = 0; n < count; n++)
        {
            var line = _mutator.CsvLine($"row{n},R{n},Row {n},{n}.5,{n}000");
            text.Write(line);
            text.WriteByte((byte)'\n');
            rows += line.AsSpan().IndexOfAnyExcept((byte)' ', (byte)'\t') >= 0 ? 1 : 0; // The CSV reader skips blank rows.
        }

        await File.WriteAllBytesAsync(Path.Combine(_folder, "mutated.csv"), text.ToArray(), Cancellation);
        return rows;
    }

    private static byte[] Array(List<byte[]> elements)
    {
        var body = new MemoryStream();
        body.WriteByte((byte)'[');
        for (var i = 0; i < elements.Count; i++)
        {
            body.Write(i == 0 ? [] : ",\n"u8);
            body.Write(elements[i]);
        }

        body.WriteByte((byte)']');
        return body.ToArray();
    }

    private static void BreakOnce(StubUpstream upstream, string route, byte[] broken, byte[] whole) => upstream.On(route, context =>
    {
        upstream.On(route, again => WriteAsync(again, whole));
        return WriteAsync(context, broken);
    });

    private static Task WriteAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
