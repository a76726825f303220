using Kasparro.Simulator.Market;
using Kasparro.Simulator.Upstreams;

namespace Kasparro.Simulator.Recorded;

/// <summary>CoinPaprika's recorded responses: <c>coins.json</c>, <c>tickers.json</c>, <c>contracts-{platform}.json</c>.</summary>
internal sealed class RecordedCoinPaprika(string root) : ICoinPaprikaResponses
{
    private const string ContractsPrefix = "contracts-";

    private readonly RecordedFile _coins = new(root, "coinpaprika/coins.json");
    private readonly RecordedFile _tickers = new(root, "coinpaprika/tickers.json");
    private readonly RecordedFile _global = new(root, "coinpaprika/global.json");

    private readonly SortedDictionary<string, RecordedFile> _contracts = FindContracts(root);

    /// <summary>The files that should exist; recordings of <c>/contracts</c> and <c>/global</c> are optional.</summary>
    public IEnumerable<RecordedFile> Expected => [_coins, _tickers];

    public ResponseBody? Coins() => _coins.Verbatim();

    public ResponseBody? Tickers() => _tickers.Verbatim();

    public ResponseBody? Global() => _global.Verbatim();

    public DateTimeOffset Now => DateTimeOffset.UnixEpoch;

    public UpstreamPlan Plan => UpstreamPlan.Paid;

    /// <summary>Returns null, as no history was recorded.</summary>
    public IReadOnlyCollection<HistoryPoint>? History(string id, DateTimeOffset from, DateTimeOffset to, TimeSpan step) => null;

    /// <summary>Gets the platforms whose contracts were recorded.</summary>
    public ResponseBody? Platforms() => _contracts.Count > 0 ? ResponseBodies.Array(_contracts.Keys) : null;

    /// <summary>Opens only files that were found in the folder, since the id comes from a URL.</summary>
    public ResponseBody? Contracts(string platform) => _contracts.GetValueOrDefault(platform)?.Verbatim();

    private static SortedDictionary<string, RecordedFile> FindContracts(string root)
    {
        var found = new SortedDictionary<string, RecordedFile>(StringComparer.Ordinal);
        var folder = Path.Combine(root, "coinpaprika");
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, $"{ContractsPrefix}*.json") : [])
        {
            found.Add(Path.GetFileNameWithoutExtension(file)[ContractsPrefix.Length..], new(folder, Path.GetFileName(file)));
        }

        return found;
    }
}
