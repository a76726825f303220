using System.Text.Json;
using Kasparro.Simulator.Market;
using Kasparro.Simulator.Upstreams;
using Kasparro.Simulator.Wire;

namespace Kasparro.Simulator.Recorded;

/// <summary>
/// CoinGecko's recorded responses: <c>coins-list.json</c>; <c>markets.json</c>, divided into pages by market cap;
/// <c>asset_platforms.json</c>, or the platform map if it was not recorded; and days of a market page as history.
/// </summary>
internal sealed class RecordedCoinGecko : ICoinGeckoResponses, IDisposable
{
    private readonly RecordedFile _list;
    private readonly RecordedFile _markets;
    private readonly RecordedFile _platforms;
    private readonly RecordedPages? _pages;
    private readonly Lazy<RecordedHistory>? _history;

    public RecordedCoinGecko(string root)
    {
        _list = new(root, "coingecko/coins-list.json");
        _markets = new(root, "coingecko/markets.json");
        _platforms = new(root, "coingecko/asset_platforms.json");
        _pages = _markets.Exists ? new(_markets.Path) : null;
        var daily = new RecordedFile(root, "coingecko/markets-top100-daily.jsonl.gz");
        _history = daily.Exists ? new(() => RecordedHistory.Read(daily)) : null;
    }

    /// <summary>The files that should exist.</summary>
    public IEnumerable<RecordedFile> Expected => [_list, _markets];

    public int? MarketCount => _pages?.Count;

    public ResponseBody? Markets(int page, int perPage) => _pages?.Page(page, perPage);

    public ResponseBody? CoinsList(bool withPlatforms)
    {
        if (withPlatforms || !_list.Exists)
        {
            return _list.Verbatim();
        }

        return async (body, cancellationToken) =>
        {
            using var stream = new JsonStream(body);
            await using var file = _list.Open();
            stream.Json.WriteStartArray();
            await foreach (var coin in JsonSerializer.DeserializeAsyncEnumerable(file, RecordedJson.Default.JsonElement, cancellationToken))
            {
                WriteWithoutPlatforms(stream.Json, coin);
                await stream.FlushIfFullAsync(cancellationToken);
            }

            stream.Json.WriteEndArray();
            await stream.FlushAsync(cancellationToken);
        };
    }

    public ResponseBody Platforms() => _platforms.Verbatim() ?? GeneratedCoinGecko.PlatformList;

    // Rates were not recorded.
    public ResponseBody ExchangeRates() => Upstreams.ExchangeRates.From(64_000);

    /// <summary>The end of the recorded days.</summary>
    public DateTimeOffset Now => _history?.Value.End ?? DateTimeOffset.UnixEpoch;

    public UpstreamPlan Plan => UpstreamPlan.Free;

    /// <summary>Gets the points as they were recorded, regardless of the step.</summary>
    public IReadOnlyCollection<HistoryPoint>? History(string id, DateTimeOffset from, DateTimeOffset to, TimeSpan step) =>
        _history?.Value.Find(id, from, to);

    public void Dispose() => _pages?.Dispose();

    private static void WriteWithoutPlatforms(Utf8JsonWriter json, JsonElement coin)
    {
        json.WriteStartObject();
        foreach (var property in coin.EnumerateObject().Where(p => !p.NameEquals("platforms"u8)))
        {
            property.WriteTo(json);
        }

        json.WriteEndObject();
    }
}
