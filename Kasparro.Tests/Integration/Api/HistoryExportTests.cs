using System.Globalization;
using System.Net;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using DuckDB.NET.Data;

namespace Kasparro.Tests.Integration.Api;

/// <summary>The content of <c>/export/history</c>, read back by other software.</summary>
public sealed class HistoryExportTests(HistoryApi history) : IClassFixture<HistoryApi>
{
    private const string October = "coinpaprika btc-bitcoin 2026-10-25T00:00 10 12 10 11 - - 3";

    [Theory]
    [InlineData("month=2026-10", October)]
    [InlineData("month=2026-10&interval=1h", "coinpaprika btc-bitcoin 2026-10-25T00:00 10 10 10 10 - - 1"
        + "|coinpaprika btc-bitcoin 2026-10-25T01:00 12 12 12 12 3 5 1|coinpaprika btc-bitcoin 2026-10-25T23:00 11 11 11 11 - - 1")]
    [InlineData("month=2024-12", "coingecko bitcoin 2024-12-31T00:00 100 100 100 100 7 1000000000 1")]
    [InlineData("month=2026-09", "")]
    [InlineData("month=2026-11&source=coingecko", "coingecko bitcoin 2026-11-16T00:00 21 21 21 21 - - 1"
        + "|coingecko bitcoin 2026-11-17T00:00 25 25 25 25 - - 1|coingecko bitcoin 2026-11-19T00:00 31 31 31 31 - - 1")]
    public async Task Month_is_the_same_in_both_formats(string query, string expected)
    {
        Assert.Equal(expected, string.Join('|', (await ParquetAsync(query)).Select(row => row[37..])));
        Assert.Equal(expected, string.Join('|', (await ArrowAsync(query)).Select(row => row[37..])));
    }

    [Fact]
    public async Task Whole_history_is_the_months_one_after_the_other_in_the_order_of_the_assets()
    {
        var whole = await ParquetAsync("");

        Assert.Equal(whole, await ArrowAsync(""));
        Assert.Equal(10, whole.Count);
        Assert.Equal(
            whole.OrderBy(row => row.Split(' ')[3][..7], StringComparer.Ordinal).ThenBy(row => row.Split(' ')[0], StringComparer.Ordinal),
            whole);
        Assert.StartsWith(CatalogueSeed.Id(1).ToString(), whole[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_is_named_after_what_is_in_it_and_HEAD_has_no_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/export/history?month=2026-11&source=coingecko&format=arrow");
        using var response = await history.Api.Client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/vnd.apache.arrow.stream", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            $"kasparro-history-1d-2026-11-coingecko-{response.Headers.GetValues("X-Catalogue-Version").Single().Split('.')[0]}.arrow",
            response.Content.Headers.ContentDisposition?.FileName?.Trim('"'));

        using var image = new HttpRequestMessage(HttpMethod.Get, "/export/history") { Headers = { { "Accept", "image/png" } } };
        using var refused = await history.Api.Client.SendAsync(image, Cancellation);
        Assert.Equal(HttpStatusCode.NotAcceptable, refused.StatusCode);
    }

    // Read by DuckDB and by Arrow's own reader, neither of which wrote it.
    private async Task<List<string>> ParquetAsync(string query)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(
                path, await history.Api.Client.GetByteArrayAsync(new Uri($"/export/history?{query}", UriKind.Relative), Cancellation),
                Cancellation);
            await using var duck = new DuckDBConnection("Data Source=:memory:");
            await duck.OpenAsync(Cancellation);
            await using var command = duck.CreateCommand();
            command.CommandText = $"""
                SELECT asset_id, source, external_id, strftime(time AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M'), open, high, low, close,
                       volume_24h, market_cap, quotes FROM read_parquet('{path}')
                """;
            await using var reader = await command.ExecuteReaderAsync(Cancellation);
            var rows = new List<string>();
            while (await reader.ReadAsync(Cancellation))
            {
                rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? "-"
                    : string.Create(CultureInfo.InvariantCulture, $"{reader.GetValue(column)}"))));
            }

            return rows;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private async Task<List<string>> ArrowAsync(string query)
    {
        await using var body = await history.Api.Client.GetStreamAsync(
            new Uri($"/export/history?{query}&format=arrow", UriKind.Relative), Cancellation);
        using var reader = new ArrowStreamReader(body);
        var rows = new List<string>();
        while (await reader.ReadNextRecordBatchAsync(Cancellation) is { } batch)
        {
            for (var row = 0; row < batch.Length; row++)
            {
                rows.Add(string.Join(' ', batch.Arrays.Select(column => Text(column, row))));
            }

            batch.Dispose();
        }

        return rows;
    }

    private static string Text(IArrowArray column, int row) => column switch
    {
        StringArray texts => texts.GetString(row),
        TimestampArray times => times.GetTimestamp(row)!.Value.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture),
        DoubleArray numbers => numbers.GetValue(row)?.ToString(CultureInfo.InvariantCulture) ?? "-",
        Int32Array counts => counts.GetValue(row)!.Value.ToString(CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException(column.GetType().Name),
    };
}
