using System.Collections.Frozen;
using System.IO.Compression;
using System.Text.Json;
using Kasparro.Simulator.Market;

namespace Kasparro.Simulator.Recorded;

/// <summary>
/// A page of markets recorded day by day (<c>coingecko/markets-top100-daily.jsonl.gz</c>), as each coin's history. Its clock stands at the
/// end of the recording.
/// </summary>
internal sealed class RecordedHistory
{
    private readonly FrozenDictionary<string, HistoryPoint[]> _points;

    private RecordedHistory(FrozenDictionary<string, HistoryPoint[]> points)
    {
        _points = points;
        End = points.Values.Max(series => series[^1].At);
    }

    /// <summary>The time of the last point of all.</summary>
    public DateTimeOffset End { get; }

    /// <summary>The recorded points of a coin; null where it was never on the page.</summary>
    public IReadOnlyCollection<HistoryPoint>? Find(string id, DateTimeOffset from, DateTimeOffset to) =>
        _points.GetValueOrDefault(id) is { } series ? [.. series.Where(point => point.At >= from && point.At <= to)] : null;

    /// <exception cref="SimulatorOptionsException">The file holds no days of market rows.</exception>
    public static RecordedHistory Read(RecordedFile recorded)
    {
        var points = new Dictionary<string, SortedDictionary<DateTimeOffset, HistoryPoint>>(StringComparer.Ordinal);
        try
        {
            using var lines = new StreamReader(new GZipStream(recorded.Open(), CompressionMode.Decompress));
            while (lines.ReadLine() is { } line)
            {
                using var day = JsonDocument.Parse(line);
                foreach (var row in day.RootElement.GetProperty("body"u8).EnumerateArray())
                {
                    Add(points, row);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or InvalidDataException)
        {
            throw new SimulatorOptionsException($"{recorded.Path}: no days of market rows ({e.Message}).");
        }

        return points.Count > 0
            ? new(points.ToFrozenDictionary(entry => entry.Key, entry => entry.Value.Values.ToArray(), StringComparer.Ordinal))
            : throw new SimulatorOptionsException($"{recorded.Path}: it is empty.");
    }

    private static void Add(Dictionary<string, SortedDictionary<DateTimeOffset, HistoryPoint>> points, JsonElement row)
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
        series[at] = new(at, price, Number(row.GetProperty("market_cap"u8)), Number(row.GetProperty("total_volume"u8)));
    }

    private static double? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
