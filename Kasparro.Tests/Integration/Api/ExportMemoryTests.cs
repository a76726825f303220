using Npgsql;
using Parquet;

namespace Kasparro.Tests.Integration.Api;

/// <summary><c>/export</c> needs no more memory for a large catalogue than for a small one.</summary>
[CollectionDefinition(nameof(ExportMemoryTests), DisableParallelization = true)]
[Collection(nameof(ExportMemoryTests))] // Measures the heap, which parallel tests would fill.
public sealed class ExportMemoryTests(LargeApi large) : IClassFixture<LargeApi>
{
    private const long BytesBetweenLooks = 8_000_000; // Each check collects all the garbage of earlier tests.

    [Theory]
    [InlineData("csv", 300_001)]
    [InlineData("ndjson", 300_000)]
    public async Task Export_of_a_large_catalogue_takes_no_more_memory_than_a_small_one(string format, int lines)
    {
        var count = 0L;
        var (bytes, most) = await ReadAsync($"/export?format={format}", block => count += block.Count((byte)'\n'));

        Assert.Equal(lines, count);
        Assert.InRange(bytes, 40_000_000, long.MaxValue);
        Assert.InRange(most, long.MinValue, 8_000_000);
    }

    [Theory]
    [InlineData("/export?format=parquet", 300_000)]
    [InlineData("/export/history?format=parquet", 280_000)]
    public async Task Parquet_of_much_has_all_rows_and_takes_no_more_memory_than_a_row_group(string route, int expected)
    {
        var path = Path.GetTempFileName();
        try
        {
            long most;
            await using (var file = File.Create(path))
            {
                (_, most) = await ReadAsync(route, file.Write);
            }

            await using var reader = await ParquetReader.CreateAsync(path, cancellationToken: Cancellation);
            var rows = 0L;
            for (var group = 0; group < reader.RowGroupCount; group++)
            {
                using var rowGroup = reader.OpenRowGroupReader(group);
                rows += rowGroup.RowCount;
            }

            Assert.Equal(expected, rows);
            Assert.InRange(reader.RowGroupCount, 2, 300);
            Assert.InRange(most, long.MinValue, 64_000_000);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Arrow_of_a_long_history_takes_no_more_memory_than_a_batch()
    {
        var (bytes, most) = await ReadAsync("/export/history?format=arrow", _ => { });

        Assert.InRange(bytes, 280_000 * 100, long.MaxValue);
        Assert.InRange(most, long.MinValue, 64_000_000);
    }

    private delegate void BlockReader(ReadOnlySpan<byte> block);

    /// <summary>Reads an export; returns its length and the maximum growth of the heap.</summary>
    private async Task<(long Bytes, long Most)> ReadAsync(string route, BlockReader read)
    {
        using var response = await large.Api.Client.GetAsync(
            new Uri(route, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        var buffer = new byte[64 * 1024];
        var (bytes, next, most) = (0L, 0L, 0L);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (int length; (length = await body.ReadAsync(buffer, Cancellation)) > 0;)
        {
            bytes += length;
            read(buffer.AsSpan(0, length));
            if (bytes >= next)
            {
                next = bytes + BytesBetweenLooks;
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        return (bytes, most);
    }
}

/// <summary>An API on a catalogue with 300,000 assets and 280,000 daily candles.</summary>
public sealed class LargeApi(BackingServices services) : ApiFixture(services)
{
    protected override async Task<long> SeedAsync(string catalogue, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create($"{catalogue};Command Timeout=120");
        return await database.ScalarAsync<long>(
            """
            INSERT INTO assets (asset_id, symbol, symbol_key, name, source, is_active, price_usd, updated_at)
            SELECT gen_random_uuid(), 'S', 'S', repeat('name ', 20) || n, 'coinpaprika', true, n, now()
            FROM generate_series(1, 300000) AS n;
            INSERT INTO listings (listing_id, source, external_id, asset_id, symbol, symbol_key, name, is_active, profile_misses,
                                  quote_misses, created_at, updated_at)
            SELECT gen_random_uuid(), 'coinpaprika', asset_id::text, asset_id, 'S', 'S', 'S', true, 0, 0, now(), now()
            FROM assets LIMIT 5000;
            INSERT INTO daily_candles (listing_id, month, open, high, low, close, market_cap_usd, volume_24h_usd, quotes, opened_minute,
                                       closed_minute)
            SELECT listing_id, month::date, days, days, days, days, days, days, array_fill(144, ARRAY[28]),
                   array_fill(0::smallint, ARRAY[28]), array_fill(1439::smallint, ARRAY[28])
            FROM listings, generate_series('2026-01-01'::timestamp, '2026-02-01', '1 month') AS month,
                 array_fill(1.5::double precision, ARRAY[28]) AS days;
            SELECT version FROM catalogue_state
            """, cancellationToken);
    }
}
