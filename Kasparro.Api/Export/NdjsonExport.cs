using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kasparro.Api.Export;

/// <summary>Writes one JSON object on each line.</summary>
internal sealed class NdjsonExport : IExportWriter<ExportRow>
{
    private const int FlushBytes = 32 * 1024;
    private static readonly JsonEncodedText[] Names = [.. ExportRow.Columns.Select(name => JsonEncodedText.Encode(name))];

    private readonly PipeWriter _output;
    private readonly Utf8JsonWriter _json;

    public NdjsonExport(PipeWriter output)
    {
        _output = output;
        _json = new(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    public async ValueTask WriteAsync(ExportRow row, CancellationToken cancellationToken)
    {
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString(Names[0], row.AssetId);
        _json.WriteString(Names[1], row.Symbol);
        _json.WriteString(Names[2], row.Name);
        _json.WriteString(Names[3], row.Source);
        _json.WriteBoolean(Names[4], row.IsActive);
        WriteNumber(Names[5], row.PriceUsd);
        WriteNumber(Names[6], row.MarketCap);
        WriteNumber(Names[7], row.Volume24h);
        WriteNumber(Names[8], row.Rank);
        _json.WriteString(Names[9], row.UpdatedAt);
        _json.WriteEndObject();
        _json.Flush();
        _output.GetSpan(1)[0] = (byte)'\n';
        _output.Advance(1);
        if (_output.UnflushedBytes > FlushBytes)
        {
            await _output.FlushAsync(cancellationToken);
        }
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken) => await _output.FlushAsync(cancellationToken);

    public ValueTask DisposeAsync() => _json.DisposeAsync();

    private void WriteNumber(JsonEncodedText name, double? number)
    {
        if (number is { } value)
        {
            _json.WriteNumber(name, value);
        }
        else
        {
            _json.WriteNull(name);
        }
    }
}
