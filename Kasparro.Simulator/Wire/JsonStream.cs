using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kasparro.Simulator.Wire;

/// <summary>Writes JSON of any length into a response, holding a few tens of kilobytes in memory.</summary>
internal sealed class JsonStream(PipeWriter body) : IDisposable
{
    private const int FlushThreshold = 32 * 1024;

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Upstreams send UTF-8, not escapes.
        SkipValidation = true,
    };

    private long _flushed;

    public Utf8JsonWriter Json { get; } = new(body, Options);

    /// <summary>Writes an array, one element at a time.</summary>
    public async Task WriteArrayAsync<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> write, CancellationToken cancellationToken)
    {
        Json.WriteStartArray();
        foreach (var item in items)
        {
            write(Json, item);
            await FlushIfFullAsync(cancellationToken);
        }

        Json.WriteEndArray();
        await FlushAsync(cancellationToken);
    }

    public ValueTask FlushIfFullAsync(CancellationToken cancellationToken) =>
        Json.BytesCommitted + Json.BytesPending - _flushed >= FlushThreshold ? FlushAsync(cancellationToken) : ValueTask.CompletedTask;

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        // Utf8JsonWriter.FlushAsync would not flush the underlying pipe.
        Json.Flush();
        _flushed = Json.BytesCommitted;
        await body.FlushAsync(cancellationToken);
    }

    public void Dispose() => Json.Dispose();
}
