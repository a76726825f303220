using System.Text.Json;
using Kasparro.Simulator.Upstreams;
using Microsoft.Win32.SafeHandles;

namespace Kasparro.Simulator.Recorded;

/// <summary>
/// The elements of a recorded array, by market cap, as ranges of the file: pages consist of the recorded bytes, read on demand.
/// </summary>
/// <param name="path">The file.</param>
/// <exception cref="SimulatorOptionsException">The file does not contain a JSON array of objects.</exception>
internal sealed class RecordedPages(string path) : IDisposable
{
    private readonly Slice[] _slices = Rank(path);
    private readonly SafeFileHandle _file = File.OpenHandle(path, options: FileOptions.Asynchronous);

    public int Count => _slices.Length;

    public ResponseBody Page(int page, int perPage) => async (body, cancellationToken) =>
    {
        var from = (int)Math.Min((page - 1L) * perPage, _slices.Length);
        var slices = _slices.AsMemory(from, Math.Min(perPage, _slices.Length - from));
        await body.WriteAsync("["u8.ToArray(), cancellationToken);
        for (var i = 0; i < slices.Length; i++)
        {
            if (i > 0)
            {
                await body.WriteAsync(","u8.ToArray(), cancellationToken);
            }

            var slice = slices.Span[i];
            var memory = body.GetMemory(slice.Length)[..slice.Length];
            var read = await RandomAccess.ReadAsync(_file, memory, slice.Offset, cancellationToken);
            if (read < slice.Length)
            {
                throw new EndOfStreamException("The recorded market rows were cut while the simulator ran.");
            }

            body.Advance(read);
        }

        await body.WriteAsync("]"u8.ToArray(), cancellationToken);
    };

    public void Dispose() => _file.Dispose();

    private static Slice[] Rank(string path)
    {
        try
        {
            // By market cap, descending; those without one at the end, in the order of the file.
            return [.. Cut(File.ReadAllBytes(path)).OrderByDescending(s => s.Cap ?? double.NegativeInfinity)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new SimulatorOptionsException($"{path}: no array of market rows ({e.Message}).");
        }
    }

    private static List<Slice> Cut(byte[] file)
    {
        var slices = new List<Slice>();
        var reader = new Utf8JsonReader(file);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("it starts with something else");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var start = (int)reader.TokenStartIndex;
            using var element = JsonDocument.ParseValue(ref reader);
            var cap = element.RootElement.TryGetProperty("market_cap"u8, out var value) && value.ValueKind == JsonValueKind.Number
                ? value.GetDouble()
                : (double?)null;
            slices.Add(new(start, (int)reader.BytesConsumed - start, cap));
        }

        return slices;
    }

    private sealed record Slice(int Offset, int Length, double? Cap);
}
