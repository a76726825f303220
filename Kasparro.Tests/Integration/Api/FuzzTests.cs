using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Kasparro.Tests.Integration.Api;

public sealed class FuzzTests(SeededApi seeded) : IClassFixture<SeededApi>
{
    private const int Requests = 20_000;
    private const int Seed = 20_261_123;
    private const int Clients = 8;

    private static readonly string[] Junk =
    [
        "", "0", "-1", "1", "2147483648", "99999999999999999999999999", "1e400", "-1e-400", "NaN", "Infinity", "0x1F", "1.5", "%00",
            "a%00b", "%", "%zz", "%ff%fe",
        "%C3%28", "%F0%9F%9A%80", "%E2%80%AE", "'%20OR%201=1--", "\";DROP%20TABLE%20assets;--", "%25%25%25", "_____", "%5C%5C%5C",
            "../../etc/passwd", "${jndi:x}", "<script>",
        "true", "TRUE", "null", "undefined", "[]", "{}", "a,b,c,,", ",", "1-", "-1-5", "5-1", "1-2147483647", "2026-02-30", "0001-01-01",
            "9999-12-31T23:59:59.9999999Z",
        "2026-11-20T12:00:00+99:99", "-market_cap", "--rank", "+name", "symbol,symbol", "00000001-0000-0000-0000-000000000000", "ethereum",
            "0xabc", "coingecko", "btc",
        new string('a', 201), new string('9', 4_000), string.Concat(Enumerable.Repeat("%F0%9F%9A%80", 300)),
            string.Join(',', Enumerable.Range(0, 500)),
    ];

    private static readonly string[] HeaderJunk =
        ["", "*/*", "text/html", ";;;", "q=", "*;q=x", "W/\"", "\"", "*", "bytes=0-", "gzip;q=9", "br, *", "00-zz-zz-00", "é",
            new string('x', 4_000), "0d9a4c56-3c8e-4a57-9d0e-6f6c9f6f2b1a"];

    [Fact]
    public async Task Nothing_that_is_asked_makes_the_service_fail_and_every_refusal_is_a_problem_document()
    {
        await using var api = await seeded.Api.StartReplicaAsync(Cancellation, "--Api:CorsOrigins=*");
        var document = await api.GetAsync("/openapi/v1.json", Cancellation);
        var operations = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject()
                .Select(operation =>
                new Operation(path.Key, operation.Key.ToUpperInvariant(), operation.Value!["parameters"]?.AsArray() ?? [])))
            .Where(operation => operation.Path != "/events")
            .ToList();

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(
            async () =>
            {
                var random = new Random(Seed + client);
                for (var count = 0; count < Requests / Clients; count++)
                {
                    await AskAsync(api, operations[random.Next(operations.Count)], random);
                }
            },
            Cancellation)));
    }

    private static async Task AskAsync(ApiHarness api, Operation operation, Random random)
    {
        var target = operation.Path;
        var query = new StringBuilder();
        foreach (var parameter in operation.Parameters)
        {
            var name = (string)parameter!["name"]!;
            switch ((string)parameter["in"]!)
            {
                case "path":
                    target = target.Replace($"{{{name}}}", Segment(CreateValue(parameter, random)), StringComparison.Ordinal);
                    break;
                case "query" when random.Next(operation.Parameters.Count) < 3:
                    query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(CreateValue(parameter, random));
                    break;
                default:
                    break;
            }
        }

        if (random.Next(10) == 0)
        {
            query.Append(query.Length == 0 ? '?' : '&').Append(Junk[random.Next(Junk.Length)]).Append('=')
                .Append(Junk[random.Next(Junk.Length)]);
        }

        var url = new Uri(
            api.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + Sendable(target + query),
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var method = random.Next(20) == 0
            ? new HttpMethod(new[] { "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "HEAD", "HEAD" }[random.Next(8)])
            : new HttpMethod(operation.Method);
        using var request = new HttpRequestMessage(method, url);
        foreach (var header in (ReadOnlySpan<string>)["Accept", "Accept-Encoding", "If-None-Match", "X-Request-Id", "traceparent", "Range",
            "X-Api-Key", "Last-Event-ID"])
        {
            if (random.Next(12) == 0)
            {
                request.Headers.TryAddWithoutValidation(header,
                    HeaderJunk[random.Next(HeaderJunk.Length)].Replace("é", "e", StringComparison.Ordinal));
            }
        }

        request.Headers.Add("Origin", "https://app.example");
        if (method != HttpMethod.Get && method != HttpMethod.Head && method.Method != "TRACE")
        {
            request.Content = new StringContent(Junk[random.Next(Junk.Length)], Encoding.UTF8, "application/json");
        }

        using var response = await api.Client.SendAsync(request, Cancellation);
        var told = string.Create(CultureInfo.InvariantCulture, $"{method} {url.PathAndQuery} answered {(int)response.StatusCode}");
        Assert.True((int)response.StatusCode < 500, told);
        Assert.True(response.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) && allowed.Single() == "*",
            $"{told} without CORS headers");
        if ((int)response.StatusCode < 400 || method == HttpMethod.Head)
        {
            return;
        }

        Assert.True(response.Content.Headers.ContentType?.MediaType == "application/problem+json", told);
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!.AsObject();
        Assert.True((int)problem["status"]! == (int)response.StatusCode
            && (string?)problem["request_id"] == response.Headers.GetValues("X-Request-Id").Single(), told);
        Assert.All(["type", "title", "detail"], name =>
            Assert.False(string.IsNullOrEmpty((string?)problem[name]), $"{told} without {name}"));
        Assert.True(response.StatusCode != HttpStatusCode.BadRequest || problem["errors"] is null or JsonObject { Count: > 0 }, told);
    }

    // Kestrel itself rejects a path with NUL, without a body, before the service sees it.
    private static string Segment(string value) => value.Length == 0
        ? "x"
        : value.Replace("/", "%2F", StringComparison.Ordinal).Replace("%00", "0", StringComparison.Ordinal);

    /// <summary>Creates a value that is sometimes valid in the schema and otherwise arbitrary.</summary>
    private static string CreateValue(JsonNode parameter, Random random)
    {
        var schema = parameter["schema"]!.AsObject();
        if (random.Next(2) == 0)
        {
            return Junk[random.Next(Junk.Length)];
        }

        if (schema["enum"] is JsonArray { Count: > 0 } values)
        {
            return values[random.Next(values.Count)]?.ToString() ?? "";
        }

        return (string?)schema["type"]?.ToString() switch
        {
            "integer" => random.Next(-2, 1_100).ToString(CultureInfo.InvariantCulture),
            "number" => (random.NextDouble() * Math.Pow(10, random.Next(-12, 14))).ToString("R", CultureInfo.InvariantCulture),
            "boolean" => random.Next(2) == 0 ? "true" : "false",
            _ when (string?)schema["format"] == "date-time" => "2026-11-20T12:00:00Z",
            _ when (string?)schema["format"] == "uuid" => Guid.CreateVersion7().ToString(),
            _ => schema["examples"] is JsonArray { Count: > 0 } examples ? examples[0]!.ToString() : "btc",
        };
    }

    // Escapes characters that no client library sends.
    private static string Sendable(string target) =>
        string.Concat(target.Select(character => character is ' ' or '"' or '<' or '>' or '#' or '\\' or '\n' or '\r' or > '~'
        ? Uri.HexEscape(character > '~' ? '?' : character)
        : character.ToString()));

    private sealed record Operation(string Path, string Method, JsonArray Parameters);
}
