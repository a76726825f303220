using System.Globalization;
using System.Text.Json.Nodes;
using Kasparro.Data.Catalogue;

namespace Kasparro.Tests.Integration.Api;

/// <summary>Every kind of search finds the same assets as a scan of all names.</summary>
public sealed class SearchTests(BackingServices services)
{
    private const int Assets = 3_000;
    private const int PageSize = 7;
    private const int Pages = 3;

    private static readonly string[] Words =
        ["Token", "of", "the", "Moon", "Wrapped", "USD", "100%", "a_b", "C:\\d", "日本", "x", "Zq", "Doge", "Inu", "Coin", "(old)"];

    [Fact]
    public async Task Search_finds_in_order_what_a_naive_scan_finds()
    {
        var cancellationToken = Cancellation;
        await using var api = await ApiHarness.StartAsync(services, cancellationToken);
        var random = new Random(6);
        List<Asset> assets = [.. Enumerable.Range(1, Assets).Select(number => CatalogueSeed.Asset(
            number,
            $"{(char)('A' + random.Next(26))}{(char)('A' + random.Next(26))}{random.Next(50)}",
            random.Next(3) == 0 ? null : random.Next(500),
            name: CreateName(number, random)))];
        await api.KnowsAsync(await CatalogueSeed.CommitAsync(api.Catalogue, assets, cancellationToken), cancellationToken);

        foreach (var text in Texts(assets, random))
        {
            var found = assets
                .Where(asset => Matches(text, $"{asset.Symbol} {asset.Name}"))
                .OrderBy(asset => asset.MarketCapUsd is null)
                .ThenByDescending(asset => asset.MarketCapUsd)
                .ThenBy(asset => asset.AssetId.ToString(), StringComparer.Ordinal)
                .Select(asset => asset.AssetId)
                .ToList();
            var shown = new List<Guid>();
            var next = $"/data?q={Uri.EscapeDataString(text)}&page_size={PageSize}";
            for (var page = 0; page < Pages && next is not null; page++)
            {
                var answer = await api.GetAsync(next, cancellationToken);
                shown.AddRange(Ids(answer));
                var total = (int)answer["total"]!;
                Assert.True((string)answer["total_relation"]! == "eq" ? total == found.Count : total < found.Count,
                    $"{text}: {total} of {found.Count}");
                next = (string?)answer["next"];
            }

            Assert.True(shown.SequenceEqual(found.Take(PageSize * Pages)), text);
            var byNumber = await api.GetAsync($"/data?q={Uri.EscapeDataString(text)}&page_size=2&page=3", cancellationToken);
            Assert.True(Ids(byNumber).SequenceEqual(found.Skip(4).Take(2)), text);
        }
    }

    private static IEnumerable<Guid> Ids(JsonObject answer) => answer["data"]!.AsArray().Select(row => (Guid)row!["asset_id"]!);

    private static string CreateName(int number, Random random) => string.Create(
        CultureInfo.InvariantCulture, $"{Words[random.Next(Words.Length)]} {number} {Words[random.Next(Words.Length)]} " +
            $"{Words[random.Next(Words.Length)]} of kind");

    /// <summary>Gets parts of existing texts, of every length and position, and texts that do not occur.</summary>
    private static IEnumerable<string> Texts(List<Asset> assets, Random random)
    {
        foreach (var text in (string[])["no sample yet", "OF KIND", "kind", "e", "Z", "zq", "日本", "本 ", "100%", "%", "_b ", "\\d",
            "no such", "123", "1 of", "moon the of kind", "a_b"])
        {
            yield return text;
        }

        for (var n = 0; n < 150; n++)
        {
            var asset = assets[random.Next(assets.Count)];
            var whole = $"{asset.Symbol} {asset.Name}";
            var start = random.Next(whole.Length);
            var part = whole.Substring(start, Math.Min(random.Next(1, 14), whole.Length - start)).Trim();
            if (part.Length > 0)
            {
                yield return n % 2 == 0 ? part : part.ToLowerInvariant();
            }
        }
    }

    // Texts of fewer than three characters match only at the beginning.
    private static bool Matches(string searched, string text) => searched.Trim() is { Length: < 3 } beginning
        ? text.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)
        : text.Contains(searched.Trim(), StringComparison.OrdinalIgnoreCase);
}
