using System.Collections.Frozen;
using System.IO.Compression;
using System.Text.Json;
using Kasparro.Simulator.Market;

namespace Kasparro.Simulator.Recorded;

/// <summary>
/// The history of coins, from a page of markets recorded day by day (<c>coingecko/markets-top100-daily.jsonl.gz</c>). Its clock stands
/// still at the end of the recording.
/// </summary>
internal sealed class RecordedHistory
{
    private readonly FrozenDictionary<string, HistoryPoint[]> _points;

    private RecordedHistory(FrozenDictionary<string, HistoryPoint[]> points)
    {
        _points = points;
        End = points.Values.Max(series => series[^1].At);
    }

    /// <summary>The time of the last of all points.</summary>
    public DateTimeOffset End { get; }

    /// <summary>Finds the recorded points of a coin, or null if it was never on the page.</summary>
    public IReadOnlyCollection<HistoryPoint>? Find(string id, DateTimeOffset from, DateTimeOffset to) =>
        _points.GetValueOrDefault(id) is { } series ? [.. series.Where(point => point.At >= from && point.At <= to)] : null;

    /// <exception cref="SimulatorOptionsException">The file does not contain days of market rows.</exception>
    public static RecordedHistory Read(RecordedFile recorded)
    {
        var points = new Dictionary<string, SortedDictionary<DateTimeOffset, Word>>(StringComparer.Ordinal);
        try
        {
            using var lines = new StreamReader(new GZipStream(recorded.Open(), CompressionMode.Decompress));
            while (lines.ReadLine() is { } line)
            {
                using var day = JsonDocument.Parse(line);
                var recordedAt = day.RootElement.GetProperty("recorded_at"u8).GetDateTimeOffset();
                foreach (var row in day.RootElement.GetProperty("body"u8).EnumerateArray())
                {
                    Add(points, row, recordedAt);
                }
            }
        }
        catch (Exception e) when (
            e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or InvalidDataException)
        {
            throw new SimulatorOptionsException($"{recorded.Path}: no days of market rows ({e.Message}).");
        }

        return points.Count > 0
            ? new(points.ToFrozenDictionary(
                entry => entry.Key, entry => entry.Value.Values.Select(word => word.Point).ToArray(), StringComparer.Ordinal))
            : throw new SimulatorOptionsException($"{recorded.Path}: it is empty.");
    }

    // Two days' pages may describe the same moment: the later one is used, as with an upstream.
    private static void Add(
        Dictionary<string, SortedDictionary<DateTimeOffset, Word>> points, JsonElement row, DateTimeOffset recordedAt)
    {
        if (!row.GetProperty("current_price"u8).TryGetDouble(out var price))
        {
            return;
        }

        var id = row.GetProperty("id"u8).GetString()!;
        if (!points.TryGetValue(id, out var series))
        {
            points.Add(id, series = []);
        }

        var at = row.GetProperty("last_updated"u8).GetDateTimeOffset();
        if (!series.TryGetValue(at, out var known) || known.RecordedAt < recordedAt)
        {
            series[at] = new(
                new(at, price, Number(row.GetProperty("market_cap"u8)), Number(row.GetProperty("total_volume"u8))), recordedAt);
        }
    }

    private readonly record struct Word(HistoryPoint Point, DateTimeOffset RecordedAt);

    private static double? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
