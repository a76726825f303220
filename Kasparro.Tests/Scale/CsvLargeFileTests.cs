using System.Text;
using Kasparro.Ingestion.Model;
using Kasparro.Tests.Unit.Ingestion.Csv;

namespace Kasparro.Tests.Scale;

[CollectionDefinition(nameof(CsvLargeFileTests), DisableParallelization = true)]
[Collection(nameof(CsvLargeFileTests))] // Measures the heap, which parallel tests would fill.
public sealed class CsvLargeFileTests : CsvFiles
{
    [Fact]
    public async Task A_million_rows_are_read_in_flat_memory_when_streamed()
    {
        const int Rows = 1_000_000;
        var path = Path.Combine(Folder, "big.csv");
        await using (var writer = new StreamWriter(path))
        {
            await writer.WriteLineAsync("id,symbol,name,price_usd,market_cap,volume_24h,rank,updated_at");
            for (var i = 0; i < Rows; i++)
            {
                var price = i % 1_000 == 999 ? "abc" : $"{i}.25";
                await writer.WriteLineAsync($"coin-{i},C{i},\"Coin, {i}\",{price},{i}000000,{i}000,{i + 1},2026-11-20T12:00:00Z");
            }
        }

        long records = 0, rejections = 0, peak = 0;
        var idle = GC.GetTotalMemory(forceFullCollection: true);
        await foreach (var page in Assert.Single(Source().GetStreams(Request(path))).ReadAsync(ResumePoint.Start, Cancellation))
        {
            records += page.Records.Count;
            rejections += page.Rejections.Count;
            if (page.Number % 20 == 0)
            {
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - idle); // Live memory, without garbage.
            }
        }

        Assert.Equal((999_000, 1_000), (records, rejections));
        Assert.InRange(peak, 0, 32 * 1024 * 1024);
    }

    [Fact]
    public async Task A_gigantic_line_is_passed_over_in_flat_memory_when_it_never_ends()
    {
        var path = Path.Combine(Folder, "line.csv");
        await using (var file = File.Create(path))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes($"{Header}\n1,A,a,1\n2,B,\""), Cancellation);
            var block = new byte[1024 * 1024];
            Array.Fill(block, (byte)'x');
            for (var i = 0; i < 64; i++)
            {
                await file.WriteAsync(block, Cancellation);
            }

            await file.WriteAsync("\n3,C,c,3\n"u8.ToArray(), Cancellation);
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var result = new CsvResult(await ReadFile(path));

        Assert.Equal(["1", "3"], result.Ids);
        Assert.Equal(["3:too_long"], result.Faults);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 32 * 1024 * 1024);
    }

    [Fact]
    public async Task Every_line_is_rejected_in_bearable_time_when_each_opens_a_quote()
    {
        var text = new StringBuilder(Header).Append('\n');
        for (var i = 0; i < 50_000; i++)
        {
            text.Append("1,A,\"a,1\n");
        }

        var result = await Read(text.ToString());

        Assert.Equal(50_000, result.Rejections.Count);
        Assert.Equal(50_001, result.Rejections[^1].Position);
    }
}
