using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kasparro.Api.Catalogue;

namespace Kasparro.Tests.Integration.Api;

public sealed partial class DocsTests(SeededApi seeded) : IClassFixture<SeededApi>
{
    [Fact]
    public async Task Docs_need_no_other_host()
    {
        using var response = await seeded.Api.Client.GetAsync(new Uri("/docs", UriKind.Relative), Cancellation);
        var html = await response.Content.ReadAsStringAsync(Cancellation);

        Assert.True(response.IsSuccessStatusCode);
        Assert.DoesNotMatch(ExternalHost(), html);
        Assert.Contains("openapi/v1.json", html, StringComparison.Ordinal);
        Assert.Contains("openapi/vendors.json", html, StringComparison.Ordinal);
        Assert.Contains("default-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        foreach (Match script in ScriptSource().Matches(html))
        {
            using var loaded = await seeded.Api.Client.GetAsync(
                new Uri(response.RequestMessage!.RequestUri!, script.Groups["source"].Value), Cancellation);
            Assert.True(loaded.IsSuccessStatusCode, script.Value);
        }
    }

    [Fact]
    public async Task Document_describes_every_route_with_examples_and_problems()
    {
        var document = await seeded.Api.GetAsync("/openapi/v1.json", Cancellation);
        var paths = document["paths"]!.AsObject();

        string[] expected =
        [
            "/alive",
            "/assets/by-contract/{platform}/{address}",
            "/assets/{id}",
            "/assets/{id}/at",
            "/assets/{id}/history",
            "/assets/{id}/logo",
            "/backfills",
            "/backfills/{backfill_id}",
            "/changes",
            "/compare-runs",
            "/data",
            "/data-quality",
            "/events",
            "/export",
            "/export/history",
            "/health",
            "/history",
            "/identity/conflicts",
            "/identity/overrides",
            "/identity/overrides/{listing_id}/{other_id}",
            "/ingestions",
            "/ingestions/{ingestion_id}",
            "/mappings",
            "/resolve",
            "/runs",
            "/runs/{run_id}",
            "/stats",
            "/tokenlists/{chain}.json",
        ];
        Assert.Equal(expected, paths.Select(path => path.Key).Order(StringComparer.Ordinal));
        Assert.All(paths, path =>
        {
            Assert.NotEmpty(path.Value!.AsObject());
            Assert.All(path.Value!.AsObject(), operation =>
            {
                Assert.NotNull(operation.Value!["operationId"]);
                Assert.NotNull(operation.Value["summary"]);
                Assert.All(operation.Value["responses"]!.AsObject().Where(response => response.Key is not ("204" or "304" or "405")),
                    response =>
                    Assert.All(Resolve(document, response.Value!)["content"]!.AsObject(),
                        content => Assert.NotNull(content.Value!["example"])));
            });
        });

        Assert.Equal("X-Api-Key", (string)document["components"]!["securitySchemes"]!["OperatorKey"]!["name"]!);
        Assert.All(paths.SelectMany(path => path.Value!.AsObject()), operation => Assert.Equal(
            operation.Key is "get" || (string)operation.Value!["operationId"]! == "ResolveIds" ? 0 : 1,
            operation.Value!["security"]!.AsArray().Count));

        var data = paths["/data"]!["get"]!;
        Assert.Equal("List the catalogue", (string)data["summary"]!);
        Assert.Equal(
            [
                "page", "page_size", "cursor", "source", "symbol", "q", "name", "min_price", "max_price", "min_market_cap",
                "max_market_cap", "min_volume",
                "max_volume", "rank", "active", "updated_since", "sort", "fields", "vs_currency", "X-Request-Id",
            ],
            data["parameters"]!.AsArray().Select(parameter => (string)parameter!["name"]!));
        Assert.Equal((1, 1000), ((int)data["parameters"]![1]!["schema"]!["minimum"]!, (int)data["parameters"]![1]!["schema"]!["maximum"]!));
        Assert.Equal(["200", "304", "400", "406", "429", "500", "503"],
            data["responses"]!.AsObject().Select(response => response.Key).Order(StringComparer.Ordinal));
        Assert.NotNull(Resolve(document, data["responses"]!["503"]!)["content"]!["application/problem+json"]);
        Assert.Equal(
            DataField.All.SelectMany(field => new[] { field.Name, $"-{field.Name}" }),
            data["parameters"]!.AsArray().Single(parameter => (string)parameter!["name"]! == "sort")!["schema"]!["enum"]!.AsArray()
                .Select(value => (string)value!));
        Assert.Equal(
            (1000, 20), ((int)data["parameters"]![1]!["schema"]!["maximum"]!, (int)data["parameters"]![1]!["schema"]!["default"]!));
        Assert.Equal(
            ["symbol", "name", "price_usd", "market_cap", "source", "asset_id", "updated_at", "volume_24h", "rank", "is_active", "price"],
            document["components"]!["schemas"]!["DataRow"]!["properties"]!.AsObject().Select(property => property.Key));

        // fields=rank omits all other fields.
        Assert.Null(document["components"]!["schemas"]!["DataRow"]!["required"]);
    }

    [Fact]
    public async Task Description_of_a_response_is_that_of_its_status()
    {
        var descriptions = new List<(string Status, string Description)>();
        foreach (var name in (string[])["v1", "vendors"])
        {
            var document = await seeded.Api.GetAsync($"/openapi/{name}.json", Cancellation);
            descriptions.AddRange(
                from path in document["paths"]!.AsObject()
                from operation in path.Value!.AsObject()
                from response in operation.Value!["responses"]!.AsObject()
                select (response.Key, (string)Resolve(document, response.Value!)["description"]!));
        }

        Assert.All(
            descriptions.Distinct().GroupBy(described => described.Description, StringComparer.Ordinal),
            described => Assert.Single(described));
    }

    private static JsonNode Resolve(JsonNode document, JsonNode node) => (string?)node["$ref"] is { } reference
        ? reference.Split('/').Skip(1).Aggregate(document, (from, name) => from[name]!)
        : node;

    [GeneratedRegex("(https?:)?//[a-z0-9-]+(\\.[a-z0-9-]+)+", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ExternalHost();

    [GeneratedRegex("<script[^>]* src=\"(?<source>[^\"]+)\"", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ScriptSource();
}
