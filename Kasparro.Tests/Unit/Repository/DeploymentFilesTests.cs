using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Kasparro.Tests.Unit.Repository;

/// <summary>Files from which other tools deploy: they can be parsed, check every service's health, and contain no secret.</summary>
public sealed partial class DeploymentFilesTests
{
    private const long Megabyte = 1024 * 1024;

    /// <summary>The size, in bytes, of a key-value store in Render's free plan.</summary>
    private const long RenderFreeStore = 25 * Megabyte;

    private static readonly Dictionary<object, object> Compose = Yaml("deploy/compose.yaml");
    private static readonly Dictionary<object, object> Services = Map(Compose["services"]);

    [Fact]
    public void Compose_has_the_whole_graph()
    {
        Assert.Equal(["api", "ingestion", "migrations", "postgres", "redis"], Services.Keys.Cast<string>().Order(StringComparer.Ordinal));
        Assert.All(["api", "ingestion"], name =>
            Assert.Equal("service_completed_successfully", Map(Map(Map(Services[name])["depends_on"])["migrations"])["condition"]));
    }

    [Fact]
    public void Compose_checks_the_health_of_every_service_that_lasts()
    {
        Assert.All(Services, service =>
        {
            var check = Map(Map(service.Value)["healthcheck"]);
            Assert.True(check.ContainsKey("test") || ((string)service.Key == "migrations" && (string)check["disable"] == "true"),
                (string)service.Key);
        });
    }

    [Fact]
    public void Compose_gives_no_service_more_than_it_needs()
    {
        Assert.All(Services, service =>
        {
            var settings = Map(service.Value);
            Assert.Equal("true", settings["read_only"]);
            Assert.Equal("ALL", Assert.Single((List<object>)settings["cap_drop"]));
            Assert.Equal("no-new-privileges:true", Assert.Single((List<object>)settings["security_opt"]));
            Assert.Contains("/tmp", (List<object>)settings["tmpfs"]);
            Assert.Equal((string)service.Key == "postgres", settings.ContainsKey("cap_add"));
        });
    }

    [Fact]
    public void Compose_takes_every_secret_from_the_environment_and_refuses_to_start_without()
    {
        var secrets = Leaves("", Compose).Where(leaf => SecretName().IsMatch(leaf.Path) || SecretName().IsMatch(leaf.Value)).ToList();

        Assert.NotEmpty(secrets);
        Assert.All(secrets, secret => Assert.Contains("${", secret.Value, StringComparison.Ordinal));
        Assert.All(
            secrets.Where(secret => LiteralPassword().IsMatch(secret.Value)),
            secret => Assert.Fail($"{secret.Path} holds a literal: {secret.Value}"));
        Assert.Equal(3, Leaves("", Map(Services["api"])["environment"]).Count(leaf => leaf.Value.Contains(":?", StringComparison.Ordinal)));
    }

    [Fact]
    public void Compose_runs_the_API_as_a_role_that_migrations_make()
    {
        var password = Map(Map(Services["migrations"])["environment"])["Database__ApiPassword"];
        var connection = (string)Map(Map(Services["api"])["environment"])["ConnectionStrings__kasparro"];

        Assert.Contains($"Username={Kasparro.Data.Schema.ApiRole.Name};Password={password};", connection, StringComparison.Ordinal);
        Assert.DoesNotContain(Leaves("", Services["api"]), leaf => leaf.Value.Contains("POSTGRES_PASSWORD", StringComparison.Ordinal));
    }

    [Fact]
    public void Render_has_a_web_service_a_worker_a_database_and_a_store_and_no_secret()
    {
        var render = Yaml("render.yaml");
        var services = ((List<object>)render["services"]).Select(Map)
            .ToDictionary(service => (string)service["type"], StringComparer.Ordinal);

        Assert.Equal(["keyvalue", "web", "worker"], services.Keys.Order(StringComparer.Ordinal));
        Assert.Single((List<object>)render["databases"]);
        Assert.Equal("/health/ready", services["web"]["healthCheckPath"]);
        Assert.Contains("migrate", (string)services["worker"]["preDeployCommand"], StringComparison.Ordinal);
        var variables = services.Values.Where(service => service.ContainsKey("envVars"))
            .SelectMany(service => (List<object>)service["envVars"])
            .Concat(((List<object>)render["envVarGroups"]).SelectMany(group => (List<object>)Map(group)["envVars"])).Select(Map).ToList();
        Assert.All(
            variables.Where(variable => variable.ContainsKey("value")),
            variable => Assert.Contains((string)variable["key"], (string[])["PORT", "Api__CachedPageBytes"], StringComparer.Ordinal));
        Assert.Equal(4,
            variables.Count(
                variable => ((string?)variable.GetValueOrDefault("key"))?.StartsWith(
                    "ConnectionStrings__", StringComparison.Ordinal) == true));
    }

    [Fact]
    public void Compose_has_no_secret_or_config_file_that_a_read_only_container_would_refuse()
    {
        Assert.DoesNotContain(
            Leaves("", Compose),
            leaf => leaf.Path.Contains("/secrets", StringComparison.Ordinal) || leaf.Path.Contains("/configs", StringComparison.Ordinal));
    }

    [Fact]
    public void Backup_command_reads_the_password_that_compose_gives_to_postgres()
    {
        Assert.Contains("POSTGRES_PASSWORD", Map(Map(Services["postgres"])["environment"]).Keys);
        Assert.Contains(
            "exec -T postgres sh -c 'PGPASSWORD=$POSTGRES_PASSWORD pg_dump --host=localhost ",
            RepositoryFiles.Text("docs/operations.md"), StringComparison.Ordinal);
    }

    // Pages live for one lifetime, and each process may write CachedPageBytes per lifetime, so at most twice that exists at a time.
    [Fact]
    public void Redis_is_bounded_and_has_room_for_the_pages_of_every_replica()
    {
        var redis = string.Join('\n', ((List<object>)Map(Services["redis"])["command"]).Cast<string>());
        var maxMemory = Megabytes().Match(redis).Groups["megabytes"].Value;
        Assert.Contains("maxmemory-policy volatile-lru", redis, StringComparison.Ordinal);
        Assert.InRange(
            2 * new Kasparro.Api.ApiOptions().CachedPageBytes, 1, long.Parse(maxMemory, CultureInfo.InvariantCulture) * Megabyte);

        var render = ((List<object>)Yaml("render.yaml")["services"]).Select(Map)
            .ToDictionary(service => (string)service["type"], StringComparer.Ordinal);
        Assert.Equal(("free", "volatile-lru"), (render["keyvalue"]["plan"], render["keyvalue"]["maxmemoryPolicy"]));
        var api = ((List<object>)render["web"]["envVars"]).Select(Map).Where(variable => variable.ContainsKey("key"))
            .ToDictionary(variable => (string)variable["key"], variable => variable.GetValueOrDefault("value"), StringComparer.Ordinal);
        var replicas = long.Parse((string)render["web"]["numInstances"], CultureInfo.InvariantCulture);
        Assert.InRange(2 * replicas * long.Parse((string)api["Api__CachedPageBytes"]!, CultureInfo.InvariantCulture), 1, RenderFreeStore);
    }

    [Fact]
    public void Render_sends_no_request_to_an_api_before_the_worker_has_migrated()
    {
        var services = ((List<object>)Yaml("render.yaml")["services"]).Select(Map)
            .ToDictionary(service => (string)service["type"], StringComparer.Ordinal);

        Assert.EndsWith(" migrate", (string)services["worker"]["preDeployCommand"], StringComparison.Ordinal);
        // Render starts services in any order. A new API is not ready on the old schema, and the old ones serve until a new one is ready.
        Assert.Equal("/health/ready", services["web"]["healthCheckPath"]);
    }

    [Fact]
    public void Images_are_published_after_the_tests()
    {
        var jobs = Map(Yaml(".github/workflows/images.yml")["jobs"]);

        Assert.Equal("test", Map(jobs["images"])["needs"]);
        Assert.Equal("./.github/workflows/ci.yml", Map(jobs["test"])["uses"]);
        Assert.True(Map(Yaml(".github/workflows/ci.yml")["on"]).ContainsKey("workflow_call"));
    }

    [Fact]
    public void Actions_are_pinned_to_commits()
    {
        var uses = Directory.GetFiles(RepositoryFiles.At(".github/workflows"), "*.yml")
            .SelectMany(workflow => Leaves("", Yaml(Path.GetRelativePath(RepositoryFiles.Root, workflow))))
            .Where(leaf => leaf.Path.EndsWith("/uses", StringComparison.Ordinal) && !leaf.Value.StartsWith("./", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(uses);
        Assert.All(uses, leaf => Assert.Matches("^[^@]+@[0-9a-f]{40}$", leaf.Value));
    }

    [Fact]
    public void Workflow_publishes_to_a_registry_that_only_its_variables_name()
    {
        var workflow = Yaml(".github/workflows/images.yml");

        Assert.Equal("v*", Assert.Single((List<object>)Map(Map(workflow["on"])["push"])["tags"]));
        var values = Leaves("", workflow).ToList();
        Assert.All(values.Where(leaf => leaf.Path.EndsWith("/REGISTRY", StringComparison.Ordinal)),
            leaf => Assert.Equal("${{ vars.REGISTRY }}", leaf.Value));
        Assert.All(values.Where(leaf => leaf.Path.EndsWith("PWORD", StringComparison.Ordinal)),
            leaf => Assert.StartsWith("${{ secrets.", leaf.Value, StringComparison.Ordinal));
    }

    private static Dictionary<object, object> Yaml(string path)
    {
        using var text = new StringReader(RepositoryFiles.Text(path));
        return Map(new DeserializerBuilder().Build().Deserialize(new MergingParser(new Parser(text)))!);
    }

    private static Dictionary<object, object> Map(object value) => Assert.IsType<Dictionary<object, object>>(value);

    private static IEnumerable<(string Path, string Value)> Leaves(string path, object? value) => value switch
    {
        Dictionary<object, object> map => map.SelectMany(entry => Leaves($"{path}/{entry.Key}", entry.Value)),
        List<object> list => list.SelectMany((item, index) => Leaves($"{path}/{index}", item)),
        _ => [(path, $"{value}")],
    };

    [GeneratedRegex("password|apikey|__key|secret", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"maxmemory (?<megabytes>\d+)mb", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Megabytes();

    // A password followed by a literal, not by a variable or a file name.
    [GeneratedRegex(@"password\s*=\s*(?!\$)[^\s;,]+", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LiteralPassword();
}
