using System.Globalization;
using System.Text.Json.Nodes;

namespace Kasparro.Tests.Integration.Vendors;

public sealed class VendorFuzzTests(VendorApi seeded) : IClassFixture<VendorApi>
{
    private const int Requests = 1_000;
    private const int Seed = 20_261_128;

    private static readonly string[] Junk =
    [
        "", "0", "-1", "1", "99999999999999999999999999", "1e400", "NaN", "Infinity", "-Infinity", "%E2%88%9E",
        "%00", "a%00b", "%zz", "%ff%fe", "%F0%9F%9A%80", "'%20OR%201=1--",
        "%25%25%25", "_____", "%5C%5C", "true", "TRUE", "null", "[]", "a,b,c,,", ",", "max", "full", "daily", "usd,eur,xxx", "bitcoin",
            "BTC",
        "2026-02-30", "9999-12-31T23:59:59.9999999Z", "253402300800", "00000001-0000-0000-0000-000000000000", "ethereum", "0xabc",
        new string('a', 300), string.Join(',', Enumerable.Range(0, 500)),
    ];

    [Fact]
    public async Task Nothing_that_is_asked_makes_a_vendors_route_fail_and_every_refusal_has_the_vendors_shape()
    {
        var document = await seeded.Api.GetAsync("/openapi/vendors.json", Cancellation);
        var operations = document["paths"]!.AsObject()
            .Select(path => (Path: path.Key, Parameters: path.Value!["get"]!["parameters"]!.AsArray())).ToList();
        Assert.InRange(operations.Count, 25, 100);
        var random = new Random(Seed);
        for (var count = 0; count < Requests; count++)
        {
            var (path, parameters) = operations[count % operations.Count];
            await AskAsync(path, parameters, random);
        }
    }

    private async Task AskAsync(string path, JsonArray parameters, Random random)
    {
        var query = new List<string>();
        foreach (var parameter in parameters)
        {
            var (name, place) = ((string)parameter!["name"]!, (string)parameter["in"]!);
            var value = Junk[random.Next(Junk.Length)];
            if (place == "path")
            {
                path = path.Replace(
                    $"{{{name}}}", value.Length == 0 || value.Contains("%00", StringComparison.Ordinal) ? "bitcoin" : value,
                        StringComparison.Ordinal);
            }
            else if (place == "query" && random.Next(3) > 0)
            {
                query.Add($"{name}={(name.StartsWith("vs_", StringComparison.Ordinal) && random.Next(2) == 0 ? "usd" : value)}");
            }
        }

        var url = new Uri(
            seeded.Api.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path + (query.Count == 0 ? ""
                : "?" + string.Join('&', query)),
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(random.Next(4) == 0 ? HttpMethod.Head : HttpMethod.Get, url);
        using var response = await seeded.Api.Client.SendAsync(request, Cancellation);
        var told = string.Create(CultureInfo.InvariantCulture, $"{url.PathAndQuery} answered {(int)response.StatusCode}");
        Assert.True((int)response.StatusCode < 500, told);
        if ((int)response.StatusCode >= 400 && request.Method == HttpMethod.Get)
        {
            Assert.True(response.Content.Headers.ContentType?.MediaType == "application/json", told);
            var error = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!.AsObject();
            Assert.True(error.Count == 1 && error.Single().Key is "error" or "status", told);
        }
    }
}
