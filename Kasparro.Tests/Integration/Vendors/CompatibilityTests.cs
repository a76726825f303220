using System.Text;
using System.Text.Json.Nodes;

namespace Kasparro.Tests.Integration.Vendors;

/// <summary>docs/compatibility.md lists the status of each field of each route and must follow from the routes' responses.</summary>
public sealed class CompatibilityTests(VendorApi seeded) : IClassFixture<VendorApi>
{
    private const string Document = "docs/compatibility.md";
    private const string Gecko = "/api/v3";
    private const string Paprika = "/compat/coinpaprika/v1";

    // Maps by currency, platform, coin or category, whose keys are data, not fields.
    private static readonly HashSet<string> Maps = new(StringComparer.Ordinal)
    {
        "platforms", "detail_platforms", "rates", "quotes", "localization", "description", "current_price", "market_cap",
        "fully_diluted_valuation", "total_volume", "high_24h", "low_24h", "ath", "ath_change_percentage", "ath_date", "atl",
            "atl_change_percentage",
        "atl_date", "total_market_cap", "market_cap_percentage",
    };

    private static readonly (string Route, string Query, string[] Absent)[] Routes =
    [
        ($"{Gecko}/ping", "", []),
        ($"{Gecko}/simple/price", "?ids=bitcoin&vs_currencies=usd&include_market_cap=true&include_24hr_vol=true&include_24hr_change=true"
            + "&include_last_updated_at=true", []),
        ($"{Gecko}/simple/token_price/{{platform}}", "?contract_addresses=" + VendorApi.Tether + "&vs_currencies=usd", []),
        ($"{Gecko}/simple/supported_vs_currencies", "", []),
        ($"{Gecko}/coins/list", "?include_platform=true", []),
        ($"{Gecko}/coins/markets", "?vs_currency=usd&sparkline=true&price_change_percentage=1h,24h,7d,14d,30d,200d,1y",
            ["market_cap_rank_with_rehypothecated"]),
        ($"{Gecko}/coins/{{id}}", "?sparkline=true", ["categories_details", "community_data", "developer_data", "ico_data"]),
        ($"{Gecko}/coins/{{platform}}/contract/{{address}}", "", ["community_data", "developer_data", "ico_data"]),
        ($"{Gecko}/coins/{{id}}/market_chart", "?vs_currency=usd&days=max", []),
        ($"{Gecko}/coins/{{id}}/market_chart/range", "?vs_currency=usd&from=1792584000&to=1795176000", []),
        ($"{Gecko}/coins/{{id}}/ohlc", "?vs_currency=usd&days=max", []),
        ($"{Gecko}/asset_platforms", "", []),
        ($"{Gecko}/search", "?query=bit", []),
        ($"{Gecko}/exchange_rates", "", []),
        ($"{Gecko}/global", "", []),
        ($"{Gecko}/key", "", []),
        ($"{Paprika}/coins", "", []),
        ($"{Paprika}/coins/{{id}}", "", []),
        ($"{Paprika}/coins/{{id}}/ohlcv/historical", "?start=2026-10-01", []),
        ($"{Paprika}/tickers", "", []),
        ($"{Paprika}/tickers/{{id}}", "", []),
        ($"{Paprika}/tickers/{{id}}/historical", "?start=2026-10-01&interval=1d", []),
        ($"{Paprika}/search", "?q=bit", []),
        ($"{Paprika}/contracts", "", []),
        ($"{Paprika}/contracts/{{platform}}", "", []),
        ($"{Paprika}/coins/mappings", "", []),
        ($"{Paprika}/global", "", []),
        ($"{Paprika}/key/info", "", []),
    ];

    [Fact]
    public async Task Table_says_of_every_field_what_the_routes_answer()
    {
        var table = new StringBuilder();
        foreach (var (route, query, absent) in Routes)
        {
            var fields = new SortedDictionary<string, bool>(StringComparer.Ordinal);
            Collect(JsonNode.Parse(await seeded.Api.Client.GetStringAsync(new Uri(GetPath(route) + query, UriKind.Relative),
                Cancellation)), "", fields);
            Assert.DoesNotContain(absent, field => fields.ContainsKey(field));
            table.Append('\n').Append("### `GET ").Append(route).Append("`\n\n")
                .Append(fields.Count == 0 ? "An array without names.\n" : "| field | |\n|---|---|\n");
            Append("same", fields.Where(field => field.Value).Select(field => field.Key));
            Append("null or empty", fields.Where(field => !field.Value).Select(field => field.Key));
            Append("not there", absent);
        }

        var text = RepositoryFiles.Text(Document);
        var expected = text[..text.IndexOf("\n### ", StringComparison.Ordinal)] + table;
        var copy = RepositoryFiles.At("TestResults/compatibility.md");
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        await File.WriteAllTextAsync(copy, expected, Cancellation);
        Assert.True(text == expected, $"The vendors' routes answer other fields: cp TestResults/compatibility.md {Document}");

        void Append(string status, IEnumerable<string> fields)
        {
            var names = string.Join(", ", fields.Select(field => $"`{field}`"));
            if (names.Length > 0)
            {
                table.Append("| ").Append(names).Append(" | ").Append(status).Append(" |\n");
            }
        }
    }

    [Fact]
    public async Task Every_documented_route_is_in_the_table()
    {
        var document = await seeded.Api.GetAsync("/openapi/vendors.json", Cancellation);

        Assert.DoesNotContain( // Left out unless include_platform=true.
            "platforms", document["components"]!["schemas"]!["CoinGeckoListed"]!["required"]!.AsArray().Select(name => (string?)name));
        Assert.Equal(
            document["paths"]!.AsObject().Select(path => path.Key)
                .Where(path => !path.StartsWith($"{Paprika}/contracts/{{platform}}/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
            Routes.Select(route => route.Route).Order(StringComparer.Ordinal));
    }

    private static string GetPath(string route) => route
        .Replace("{platform}", route.StartsWith(Gecko, StringComparison.Ordinal) ? "ethereum" : "eth-ethereum", StringComparison.Ordinal)
        .Replace("{address}", VendorApi.Tether, StringComparison.Ordinal)
        .Replace("{id}", route.StartsWith(Gecko, StringComparison.Ordinal) ? "bitcoin" : route == $"{Paprika}/coins/{{id}}"
            ? "usdt-tether" : "btc-bitcoin", StringComparison.Ordinal);

    /// <summary>Records every field, and whether it has a value anywhere.</summary>
    private static void Collect(JsonNode? node, string path, SortedDictionary<string, bool> fields)
    {
        switch (node)
        {
            case JsonArray items:
                foreach (var item in items)
                {
                    Collect(item, path, fields);
                }

                Note(items.Count > 0);
                break;
            case JsonObject entries:
                var isMap = Maps.Contains(path.Split('.')[^1]) || path.EndsWith("_in_currency", StringComparison.Ordinal)
                    || entries.Any(entry => entry.Key is "bitcoin" or VendorApi.Tether);
                foreach (var (name, value) in entries)
                {
                    Collect(value, isMap ? path : path.Length == 0 ? name : $"{path}.{name}", fields);
                }

                Note(entries.Count > 0);
                break;
            default:
                Note(node is not null && node.ToJsonString() is not "\"\"");
                break;
        }

        void Note(bool hasValue)
        {
            if (path.Length > 0)
            {
                fields[path] = hasValue || fields.GetValueOrDefault(path);
            }
        }
    }
}
