using Npgsql;
using Parquet;

namespace Kasparro.Tests.Integration.Api;

/// <summary><c>/export</c> holds no more of a large catalogue than of a small one.</summary>
[CollectionDefinition(nameof(ExportMemoryTests), DisableParallelization = true)]
[Collection(nameof(ExportMemoryTests))] // It measures the heap, which the others would fill.
public sealed class ExportMemoryTests(BackingServices services) : IAsyncLifetime
{
    private ApiHarness _api = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiHarness.StartAsync(services, Cancellation);
        await using var dataSource = NpgsqlDataSource.Create(_api.Catalogue);
        await using var command = dataSource.CreateCommand(
            """
            INSERT INTO assets (asset_id, symbol, symbol_key, name, source, is_active, price_usd, updated_at)
            SELECT gen_random_uuid(), 'S', 'S', repeat('name ', 20) || n, 'coinpaprika', true, n, now() FROM generate_series(1, 300000) AS n
            """);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("csv", 300_001)]
    [InlineData("ndjson", 300_000)]
    public async Task Export_of_a_large_catalogue_takes_no_more_memory_than_a_small_one(string format, int lines)
    {
        var count = 0L;
        var (bytes, most) = await ReadAsync(format, block => count += block.Count((byte)'\n'));

        Assert.Equal(lines, count);
        Assert.InRange(bytes, 40_000_000, long.MaxValue);
        Assert.InRange(most, long.MinValue, 8_000_000);
    }

    [Fact]
    public async Task Parquet_of_a_large_catalogue_has_all_rows_and_takes_no_more_memory_than_a_row_group()
    {
        var path = Path.GetTempFileName();
        try
        {
            long most;
            await using (var file = File.Create(path))
            {
                (_, most) = await ReadAsync("parquet", file.Write);
            }

            await using var reader = await ParquetReader.CreateAsync(path, cancellationToken: Cancellation);
            var rows = 0L;
            for (var group = 0; group < reader.RowGroupCount; group++)
            {
                using var rowGroup = reader.OpenRowGroupReader(group);
                rows += rowGroup.RowCount;
            }

            Assert.Equal(300_000, rows);
            Assert.InRange(reader.RowGroupCount, 2, 300);
            Assert.InRange(most, long.MinValue, 64_000_000);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private delegate void BlockReader(ReadOnlySpan<byte> block);

    /// <summary>Reads an export; returns its length, and by how much the heap had grown at the most.</summary>
    private async Task<(long Bytes, long Most)> ReadAsync(string format, BlockReader read)
    {
        using var response = await _api.Client.GetAsync(
            new Uri($"/export?format={format}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        var buffer = new byte[64 * 1024];
        var (bytes, most) = (0L, 0L);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (int length, number = 0; (length = await body.ReadAsync(buffer, Cancellation)) > 0; number++)
        {
            bytes += length;
            read(buffer.AsSpan(0, length));
            if (number % 100 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        return (bytes, most);
    }
}
