using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;

namespace Kasparro.Tests.Integration.Api;

/// <summary>Every route that writes, as listed by the API itself.</summary>
public sealed partial class OperatorRoutesTests(BackingServices services)
{
    private const string Key = "operator-key-of-a-test-0123456789";

    /// <summary>Reads, although by POST, because ten thousand ids do not fit into a URL.</summary>
    private const string ReadByPost = "POST /resolve";

    private static readonly string[] Reads = ["get", "head", "options"];

    [Theory]
    [InlineData("", "", HttpStatusCode.Forbidden)]
    [InlineData("", Key, HttpStatusCode.Forbidden)]
    [InlineData(Key, "", HttpStatusCode.Unauthorized)]
    [InlineData(Key, "not-the-operator-key-0123456789", HttpStatusCode.Unauthorized)]
    public async Task Every_route_but_reads_refuses_without_the_configured_key(string configured, string sent, HttpStatusCode expected)
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation, $"--Operator:Key={configured}");
        var writes = await WritesAsync(api);
        Assert.Contains("POST /ingestions", writes);

        foreach (var write in writes)
        {
            var (method, path) = (write.Split(' ')[0], Parameter().Replace(write.Split(' ')[1], Guid.Empty.ToString()));
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (sent.Length > 0)
            {
                request.Headers.Add("X-Api-Key", sent);
            }

            using var response = await api.Client.SendAsync(request, Cancellation);
            Assert.True(response.StatusCode == expected, $"{write}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task The_description_leaves_out_no_route_that_writes()
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation, $"--Operator:Key={Key}");

        // Routes without methods belong to the framework, such as health checks, which only read.
        var mapped = api.Routes.SelectMany(route =>
            (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
                .Where(method => !Reads.Contains(method, StringComparer.OrdinalIgnoreCase))
                .Select(method => $"{method} /{Constraint().Replace(route.RoutePattern.RawText!, "}").Trim('/')}"))
            .Where(route => route != ReadByPost);

        var writes = await WritesAsync(api);
        Assert.NotEmpty(writes);
        Assert.Equal(writes.Order(StringComparer.Ordinal), mapped.Order(StringComparer.Ordinal));
    }

    private static async Task<List<string>> WritesAsync(ApiHarness api)
    {
        var document = await api.GetAsync("/openapi/v1.json", Cancellation);
        return
        [
            .. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
                .Where(operation => operation.Value is JsonObject && !Reads.Contains(operation.Key, StringComparer.Ordinal))
                .Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"))
                .Where(route => route != ReadByPost),
        ];
    }

    [GeneratedRegex(@":[^}]+\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameter();
}
