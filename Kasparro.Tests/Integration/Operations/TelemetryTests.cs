using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kasparro.Tests.Integration.Operations;

/// <summary>The telemetry of a worker and an API: to whom it is exposed, under which names, and never with a secret.</summary>
public sealed partial class TelemetryTests(WatchedServices watched) : IClassFixture<WatchedServices>
{
    [Fact]
    public async Task Metrics_are_on_the_internal_port_only()
    {
        using var inside = await watched.InternalApi.GetAsync(new Uri("/metrics", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.OK, inside.StatusCode);
        Assert.Equal("text/plain", inside.Content.Headers.ContentType!.MediaType);

        foreach (var client in (HttpClient[])[watched.PublicApi, watched.PublicWorker])
        {
            foreach (var host in (string[])[client.BaseAddress!.Authority, watched.InternalApi.BaseAddress!.Authority])
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Host = host } };
                using var outside = await client.SendAsync(request, Cancellation);

                Assert.Equal(HttpStatusCode.NotFound, outside.StatusCode);
                Assert.DoesNotContain("kasparro_", await outside.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("api", "http_server_request_duration_seconds", "histogram")]
    [InlineData("api", "http_server_active_requests", "gauge")]
    [InlineData("api", "kestrel_active_connections", "gauge")]
    [InlineData("api", "db_client_operation_duration_seconds", "histogram")]
    [InlineData("api", "db_client_connection_count", "gauge")]
    [InlineData("api", "dotnet_gc_collections_total", "counter")]
    [InlineData("api", "kasparro_pages_hits_total", "counter")]
    [InlineData("api", "kasparro_pages_misses_total", "counter")]
    [InlineData("api", "kasparro_pages_renders_total", "counter")]
    [InlineData("api", "kasparro_catalogue_version", "gauge")]
    [InlineData("api", "kasparro_source_age_seconds", "gauge")]
    [InlineData("api", "kasparro_health_check_status", "gauge")]
    [InlineData("api", "kasparro_operator_requests_total", "counter")]
    [InlineData("worker", "http_client_request_duration_seconds", "histogram")]
    [InlineData("worker", "db_client_operation_duration_seconds", "histogram")]
    [InlineData("worker", "kasparro_ingestion_records_total", "counter")]
    [InlineData("worker", "kasparro_ingestion_runs_total", "counter")]
    [InlineData("worker", "kasparro_ingestion_run_duration_seconds", "histogram")]
    [InlineData("worker", "kasparro_ingestion_page_duration_seconds", "histogram")]
    [InlineData("worker", "kasparro_backfill_runs_total", "counter")]
    [InlineData("worker", "kasparro_backfill_windows_total", "counter")]
    [InlineData("worker", "kasparro_ingestion_lock_wait_duration_seconds", "histogram")]
    [InlineData("worker", "kasparro_upstream_budget_left", "gauge")]
    [InlineData("worker", "kasparro_upstream_budget_limit", "gauge")]
    [InlineData("worker", "kasparro_health_check_status", "gauge")]
    public void Metrics_have_the_standard_names_and_units(string service, string name, string type) =>
        Assert.Contains($"# TYPE {name} {type}\n", service == "api" ? watched.ApiMetrics : watched.WorkerMetrics, StringComparison.Ordinal);

    [Fact]
    public void Calls_to_Redis_are_timed_by_command()
    {
        Assert.Matches(
            "db_client_operation_duration_seconds_count\\{[^}]*db_operation_name=\"GET\"[^}]*db_system_name=\"redis\"[^}]*\\} [1-9]",
            watched.ApiMetrics);
        Assert.Matches(
            "db_client_operation_duration_seconds_count\\{[^}]*db_operation_name=\"EVALSHA\"[^}]*db_system_name=\"redis\"[^}]*\\} [1-9]",
            watched.WorkerMetrics);
    }

    [Fact]
    public void Pages_from_the_cache_have_their_route_too()
    {
        Assert.Matches("kasparro_pages_hits_total\\{[^}]*tier=\"process\"[^}]*\\} [1-9]", watched.ApiMetrics);
        Assert.Matches("http_server_request_duration_seconds_count\\{[^}]*http_response_status_code=\"200\"[^}]*http_route=\"/data\"",
            watched.ApiMetrics);
        Assert.DoesNotMatch(
            "http_server_request_duration_seconds_count\\{(?![^}]*http_route)[^}]*http_response_status_code=\"200\"", watched.ApiMetrics);
    }

    [Fact]
    public void Records_are_counted_by_source_and_outcome()
    {
        Assert.Matches(
            "kasparro_ingestion_records_total\\{[^}]*outcome=\"inserted\"[^}]*source=\"coingecko\"[^}]*\\} [1-9]", watched.WorkerMetrics);
        Assert.Matches(
            "kasparro_ingestion_records_total\\{[^}]*outcome=\"rejected\"[^}]*source=\"csv_source\"[^}]*\\} 1\n", watched.WorkerMetrics);
    }

    [Fact]
    public void Every_metric_that_the_dashboard_and_the_alerts_ask_for_is_there()
    {
        var expressions = RepositoryFiles.Json("deploy/grafana/kasparro.json")["panels"]!.AsArray()
            .SelectMany(panel => panel!["targets"]?.AsArray() ?? [])
            .Select(target => (string)target!["expr"]!)
            .Append(RepositoryFiles.Text("deploy/prometheus/alerts.yaml"));
        var asked = expressions.SelectMany(expression => MetricName().Matches(Grouping().Replace(expression, "")))
            .Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

        Assert.True(asked.Count > 20, $"{asked.Count}");
        Assert.All(asked, name => Assert.Matches($"(?m)^{name}\\{{", watched.ApiMetrics + watched.WorkerMetrics));
    }

    [Fact]
    public void No_secret_is_in_any_log_span_or_metric()
    {
        var told = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["the worker's log"] = watched.WorkerLog,
            ["the API's log"] = watched.ApiLog,
            ["the worker's metrics"] = watched.WorkerMetrics,
            ["the API's metrics"] = watched.ApiMetrics,
            ["spans"] = watched.Spans,
            ["exported logs"] = watched.ExportedLogs,
            ["exported metrics"] = watched.ExportedMetrics,
            ["aspire-manifest.json"] = RepositoryFiles.Text("aspire-manifest.json"),
        };

        Assert.All(told, text => Assert.NotEmpty(text.Value));
        Assert.Contains("Operator:Key used", watched.ApiLog, StringComparison.Ordinal); // Including the audit log.
        var found = told.SelectMany(text => watched.Secrets.Where(secret => text.Value.Contains(secret.Value, StringComparison.Ordinal))
            .Select(secret => $"{secret.Key} is in {text.Key}: {Around(text.Value, secret.Value)}"));
        Assert.Empty(found);
    }

    [Fact]
    public void Every_log_line_of_a_run_carries_its_id_and_source()
    {
        var lines = watched.WorkerLog.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var runs = new HashSet<(string Source, string RunId)>();
        foreach (var line in lines)
        {
            var scopes = line.GetProperty("Scopes").EnumerateArray().Where(scope => scope.ValueKind == JsonValueKind.Object).ToList();
            var category = line.GetProperty("Category").GetString()!;
            var message = line.GetProperty("Message").GetString()!;
            if (!category.StartsWith("Kasparro.Ingestion.", StringComparison.Ordinal)
                || message.StartsWith("Locked out", StringComparison.Ordinal)
                || message.StartsWith("Backfill ", StringComparison.Ordinal)) // Belongs to no run yet: a backfill is ordered and planned.
            {
                continue;
            }

            Assert.True(Value("run_id") is { } && Value("source") is { }, $"{category}: {message}");
            runs.Add((Value("source")!, Value("run_id")!));

            string? Value(string name) =>
                scopes.Where(scope => scope.TryGetProperty(name, out _)).Select(scope => scope.GetProperty(name).GetString())
                    .SingleOrDefault();
        }

        Assert.Equal(SourceNames.All.Order(StringComparer.Ordinal),
            runs.Select(run => run.Source).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Equal(runs.Count, runs.DistinctBy(run => run.RunId).Count());
    }

    [GeneratedRegex(@"\b(kasparro|http_(server|client)|db_client|kestrel|dotnet)_\w+(?=[{\[)\s])", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex MetricName();

    [GeneratedRegex(@"by \([^)]*\)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Grouping();

    private static string Around(string text, string secret)
    {
        var at = text.IndexOf(secret, StringComparison.Ordinal);
        return text[Math.Max(0, at - 200)..Math.Min(text.Length, at + secret.Length + 50)];
    }
}
