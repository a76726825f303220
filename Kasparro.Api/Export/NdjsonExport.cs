using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Kasparro.Api.Export;

/// <summary>Writes one JSON object on each line.</summary>
internal sealed class NdjsonExport<T>(PipeWriter output, JsonTypeInfo<T> type) : IExportWriter<T>
{
    private const int FlushBytes = 32 * 1024;

    private readonly Utf8JsonWriter _json = new(
        output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public async ValueTask WriteAsync(T row, CancellationToken cancellationToken)
    {
        _json.Reset();
        JsonSerializer.Serialize(_json, row, type);
        output.GetSpan(1)[0] = (byte)'\n';
        output.Advance(1);
        if (output.UnflushedBytes > FlushBytes)
        {
            await output.FlushAsync(cancellationToken);
        }
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken) => await output.FlushAsync(cancellationToken);

    public ValueTask DisposeAsync() => _json.DisposeAsync();
}
