using System.IO.Compression;
using System.Text;
using Kasparro.Api.Catalogue;

namespace Kasparro.Tests.Unit.Api;

public sealed class PrecompressedBodyTests
{
    [Theory]
    [MemberData(nameof(Bodies))]
    public void Any_head_and_the_body_come_out_as_one_when_decompressed(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var brotli = PrecompressedBody.Brotli(bytes);
        var gzip = PrecompressedBody.Gzip(bytes);

        foreach (var head in new[] { "{\"request_id\":\"0d9a4c56\",", "", new string('"', 126) })
        {
            var padded = head.PadRight(PrecompressedBody.HeadLength);
            Assert.Equal(padded + body, Unpack(brotli, padded, stream => new BrotliStream(stream, CompressionMode.Decompress)));
            Assert.Equal(padded + body, Unpack(gzip, padded, stream => new GZipStream(stream, CompressionMode.Decompress)));
        }
    }

    public static TheoryData<string> Bodies()
    {
        var random = new Random(20_261_123);
        var rows = string.Join(',', Enumerable.Range(0, 1_000).Select(number => $$"""
            {"symbol":"S{{number}}","name":"Token of the 日本 {{random.Next(100)}}","price_usd":{{random.NextDouble()}},"market_cap":null,
            "source":"coinpaprika"}
            """.ReplaceLineEndings("")));
        return
        [
            "}",
            "  ",
            $"\"data\":[{rows}]}}",
            $"\"data\":[{rows[..5_000]}",
            new string(' ', 300_000),
            "The quick brown fox jumps over the lazy dog, as the dictionary of Brotli knows. Wikipedia, the free encyclopedia.",
            string.Concat(Enumerable.Range(0x80, 0x780).Select(point => (char)point)),
            new string([.. Enumerable.Range(0, 20_000).Select(_ => (char)random.Next(' ', 127))]),
        ];
    }

    private static string Unpack(PrecompressedBody body, string head, Func<Stream, Stream> decompress)
    {
        var answer = new byte[body.Length];
        body.Write(Encoding.UTF8.GetBytes(head), answer);
        using var stream = decompress(new MemoryStream(answer));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
