using Kasparro.Data.Runs;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>The commands as operators see them: their output and their exit codes.</summary>
[Takes(70)]
public sealed class CommandTests(BackingServices services) : IDisposable
{
    private const string NoDatabase = "Host=127.0.0.1;Port=9;Username=nobody;Timeout=2";
    private const string NoRedis = "127.0.0.1:9,connectTimeout=500,syncTimeout=500,asyncTimeout=500";

    private readonly string _folder = Directory.CreateTempSubdirectory("kasparro-command-").FullName;

    [Fact]
    public async Task Ctrl_C_stops_an_ingestion_of_a_file_after_a_whole_page_and_the_same_command_goes_on()
    {
        const int Rows = 20_000;
        var file = Path.Combine(_folder, "assets.csv");
        await File.WriteAllTextAsync(
            file, $"id,symbol,name,price_usd\n{string.Concat(Enumerable.Range(0, Rows).Select(n => $"row{n},S{n},Name {n},{n}.5\n"))}",
            Cancellation);
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion =
            await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, ("Sources:Csv:PageSize", "100"));

        using var stopped = IngestionProcess.Start(ingestion.Settings, Cancellation, "ingest", "--source", "csv", "--file", file);
        Assert.True(await stopped.WritesAsync(3, Cancellation));
        await stopped.SignalAsync("INT", Cancellation);
        var (stoppedCode, stoppedOutput) = await stopped.WaitAsync(Cancellation);
        var read = await ingestion.ScalarAsync<long>("SELECT records FROM checkpoints", Cancellation);
        using var again = IngestionProcess.Start(ingestion.Settings, Cancellation, "ingest", "--file", file);
        var (code, output) = await again.WaitAsync(Cancellation);

        Assert.Equal(ExitCodes.Cancelled, stoppedCode);
        Assert.Contains("stopped after a whole page; the same command resumes there.", stoppedOutput, StringComparison.Ordinal);
        Assert.Contains("records/s", stoppedOutput, StringComparison.Ordinal);
        Assert.InRange(read, 300, Rows - 100);
        Assert.Equal(0, read % 100);
        Assert.Equal(ExitCodes.Completed, code);
        Assert.Contains($"csv_source: completed: {Rows - read} read, {Rows - read} new", output, StringComparison.Ordinal);
        Assert.Equal(Rows, await ingestion.ScalarAsync<long>("SELECT count(*) FROM listings", Cancellation));
    }

    [Fact]
    public async Task What_happened_to_each_file_is_told_by_its_name()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "all-good.csv"), "id,symbol,name,price_usd\na,A,Alpha,1\n", Cancellation);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "one-bad.csv"), "id,symbol,name,price_usd\nb,B,Beta,2\nc,C,,much\n", Cancellation);
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, ("Sources:Csv:Path", _folder));

        using var reading = IngestionProcess.Start(ingestion.Settings, Cancellation, "ingest", "--source", "csv");
        var (code, output) = await reading.WaitAsync(Cancellation);

        Assert.True(code == ExitCodes.Completed, output);
        Assert.Contains("csv_source/all-good.csv: page 1", output, StringComparison.Ordinal);
        Assert.Contains("csv_source/one-bad.csv: page", output, StringComparison.Ordinal);
        Assert.Contains("  all-good.csv: 1 read, 1 new, 0 changed, 0 unchanged, 0 duplicates, 0 rej", output, StringComparison.Ordinal);
        Assert.Contains("  one-bad.csv: 2 read, 1 new, 0 changed, 0 unchanged, 0 duplicates, 1 rej", output, StringComparison.Ordinal);
        var rejected = Assert.Single(await ingestion.RowsAsync("SELECT position, detail FROM rejected_records", Cancellation));
        Assert.StartsWith("3 | one-bad.csv: ", rejected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503, """{"error":"down for a while"}""", "down for a while")]
    [InlineData(200, """[{"id":"a-a",""", "not a whole JSON array")]
    public async Task An_upstream_that_fails_is_told_of_in_a_line_a_retry_without_stack_traces(int status, string body, string reason)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnStatus("/coins", status, body);
        await using var ingestion =
            await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, ("Sources:CoinPaprika:MaxRetries", "2"));

        using var failing = IngestionProcess.Start(ingestion.Settings, Cancellation, "ingest", "--source", SourceNames.CoinPaprika);
        var (code, output) = await failing.WaitAsync(Cancellation);

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("retry 1 of 2", output, StringComparison.Ordinal);
        Assert.Contains("retry 2 of 2", output, StringComparison.Ordinal);
        Assert.Contains(reason, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ConnectionStrings:kasparro", NoDatabase, "ingest")]
    [InlineData("ConnectionStrings:kasparro", NoDatabase, "ingest", "--replay-rejected")]
    [InlineData("ConnectionStrings:kasparro", NoDatabase, "migrate")]
    [InlineData("ConnectionStrings:kasparro", NoDatabase, "identity-export", "/dev/null")]
    [InlineData("ConnectionStrings:cache", NoRedis, "ingest")]
    [InlineData("ConnectionStrings:cache", NoRedis, "ingest", "--replay-rejected")]
    [InlineData("Unused", "", "identity-export", "/nowhere/pairs.csv")]
    public async Task A_command_that_cannot_begin_says_why_in_a_line(string setting, string nowhere, params string[] command)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        var settings = ingestion.Settings.ToDictionary(StringComparer.Ordinal);
        settings[setting] = nowhere;

        using var failing = IngestionProcess.Start(settings, Cancellation, command);
        var (code, output) = await failing.WaitAsync(Cancellation);

        Assert.True(code == ExitCodes.Failed, output);
        Assert.Contains("failed: ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'--bogus' is not understood.", "--bogus")]
    [InlineData("'--healthchek' is not understood.", "--healthchek")]
    [InlineData("'worker2' is not understood.", "worker2")]
    [InlineData("'x' is not understood.", "migrate", "x")]
    [InlineData("'x' is not understood.", "ingest", "x")]
    [InlineData("'--source' is not understood.", "ingest", "--source")]
    [InlineData("'--source' is not understood.", "ingest", "--source", "--file", "a.csv")]
    [InlineData("'--replay-reject' is not understood.", "ingest", "--replay-reject")]
    [InlineData("'--source nowhere' is not understood.", "ingest", "--source", "nowhere")]
    [InlineData("'--file a.csv --source coingecko' is not understood.", "ingest", "--source", "coingecko", "--file", "a.csv")]
    [InlineData("'--file a.csv --replay-rejected' is not understood.", "ingest", "--file", "a.csv", "--replay-rejected")]
    [InlineData("'--file ", "ingest", "--file", "")]
    [InlineData("'identity-export --bogus' is not understood.", "identity-export", "--bogus")]
    [InlineData("'identity-export ' is not understood.", "identity-export", "")]
    public async Task What_is_not_understood_is_told_and_nothing_is_done(string message, params string[] command)
    {
        using var mistaken = IngestionProcess.Start(new Dictionary<string, string?>(StringComparer.Ordinal), Cancellation, command);
        var (code, output) = await mistaken.WaitAsync(Cancellation);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.Contains("usage: Kasparro.Ingestion", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("ingest", "-h")]
    [InlineData("migrate", "--help")]
    [InlineData("identity-export", "--help")]
    public async Task Help_starts_nothing(params string[] command)
    {
        using var help = IngestionProcess.Start(new Dictionary<string, string?>(StringComparer.Ordinal), Cancellation, command);
        var (code, output) = await help.WaitAsync(Cancellation);

        Assert.Equal(ExitCodes.Completed, code);
        Assert.StartsWith("usage: Kasparro.Ingestion", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ingest")]
    [InlineData("ingest", "--replay-rejected")]
    [InlineData("identity-export", "/dev/null")]
    public async Task A_database_without_the_schema_is_told_with_what_makes_it(params string[] command)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        await ingestion.ExecuteAsync("DROP SCHEMA public CASCADE", Cancellation);

        using var failing = IngestionProcess.Start(ingestion.Settings, Cancellation, command);
        var (code, output) = await failing.WaitAsync(Cancellation);

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("run 'migrate' first", output, StringComparison.Ordinal);
        Assert.DoesNotContain("POSITION", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_earlier_export_is_not_lost_where_another_cannot_be_made()
    {
        var file = Path.Combine(_folder, "pairs.csv");
        await File.WriteAllTextAsync(file, "earlier", Cancellation);
        using var failing = IngestionProcess.Start(
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:kasparro"] = NoDatabase }, Cancellation,
            "identity-export", file);

        Assert.Equal(ExitCodes.Failed, (await failing.WaitAsync(Cancellation)).ExitCode);
        Assert.Equal("earlier", await File.ReadAllTextAsync(file, Cancellation));
    }

    /// <summary>A shell's startup files may set both variables.</summary>
    [Fact]
    public async Task Variables_of_the_environment_are_no_switches()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 1, size: 1);
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        var settings = ingestion.Settings.ToDictionary(StringComparer.Ordinal);
        (settings["SOURCE"], settings["FILE"]) = ("src", "main.c");

        using var reading = IngestionProcess.Start(settings, Cancellation, "ingest", "--source", "coingecko");
        var (code, output) = await reading.WaitAsync(Cancellation);

        Assert.True(code == ExitCodes.Completed, output);
    }

    [Theory]
    [InlineData("ingest")]
    [InlineData]
    public async Task A_mistake_in_the_overrides_is_one_of_the_configuration(params string[] command)
    {
        var file = Path.Combine(_folder, "overrides.yaml");
        await File.WriteAllTextAsync(file, "same:\n  - [coinpaprikka/a-a, coingecko/a]\n", Cancellation);
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await IngestionHarness.CreateAsync(
            services, upstream.Url, Cancellation, ("Identity:OverridesFile", file), ("ASPNETCORE_URLS", "http://127.0.0.1:0"));

        using var mistaken = IngestionProcess.Start(ingestion.Settings, Cancellation, command);
        var (code, output) = await mistaken.WaitAsync(Cancellation);

        Assert.True(code == ExitCodes.Configuration, output);
        Assert.Contains("line 2: 'coinpaprikka/a-a' is not source/id", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--replay-rejected")]
    public async Task Past_prices_give_way_to_a_command(params string[] options)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        var (runLock, runs) = (
            ingestion.Host.Services.GetRequiredService<RunLock>(), ingestion.Host.Services.GetRequiredService<RunStore>());
        var held = await runLock.TryAcquireAsync(Cancellation);
        Assert.NotNull(held);
        await runs.StartAsync(
            Guid.NewGuid(), SourceNames.CoinGecko, RunTrigger.Backfill, "simulated",
            await ingestion.Host.Services.GetRequiredService<LeaseStore>().DrawTokenAsync(Cancellation), Cancellation);

        using var waiting = IngestionProcess.Start(ingestion.Settings, Cancellation, ["ingest", "--source", "csv", .. options]);
        await Eventually.TrueAsync(runLock.IsAskedForAsync, Cancellation);
        await held.DisposeAsync();
        var (code, output) = await waiting.WaitAsync(Cancellation);

        Assert.True(code == ExitCodes.Completed, output);
    }

    [Fact]
    public async Task Migrations_that_are_stopped_end_without_a_crash()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        await using var connection = await ingestion.Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await connection.ExecuteAsync("LOCK TABLE \"__EFMigrationsHistory\"", Cancellation);

        using var migrating = IngestionProcess.Start(ingestion.Settings, Cancellation, "migrate");
        await Eventually.TrueAsync(
            async () => await ingestion.ScalarAsync<bool>(
                "SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE NOT "
                    + "l.granted AND d.datname = current_database())", Cancellation),
            Cancellation);
        await migrating.SignalAsync("TERM", Cancellation);
        var (code, output) = await migrating.WaitAsync(Cancellation);

        Assert.True(code == ExitCodes.Cancelled, output);
        Assert.Contains("the next start continues from there", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
