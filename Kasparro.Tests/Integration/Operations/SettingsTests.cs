using Kasparro.ServiceDefaults.Settings;

namespace Kasparro.Tests.Integration.Operations;

/// <summary>Services with invalid settings.</summary>
public sealed class SettingsTests
{
    [Fact]
    public async Task The_API_tells_every_mistake_in_one_message_and_does_not_start()
    {
        await using var api = ServiceProcess.StartApi(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:kasparro"] = "Host=localhost;Password=half;a-secret",
            ["Operator:Key"] = "too-short",
            ["Metrics:Port"] = "70000",
            ["Api:MaxStaleness"] = "soon",
            ["Api:EtlMaxAge"] = "24:00:00",
            ["Api:ConcurrentRenders"] = "0",
            ["Api:CorsOrigins"] = "https://example.org, https://example.com/",
            ["Api:RateLimit:Window"] = "00:00:01.5",
            ["Api:RetryAfter"] = "00:00:02.5",
            ["Api:KnownProxies"] = "10.0.0.1, proxy.internal",
            ["Api:RateLimit:Request"] = "10",
            ["Operator:Keys"] = "",
            ["Operator:KeyDirectory"] = "/nowhere",
            ["Shutdown:DrainDelay"] = "-00:00:01",
        });

        var exitCode = await api.WaitAsync(Cancellation);

        Assert.Equal(SettingsException.ExitCode, exitCode);
        Assert.Equal(
            [
                "The configuration has 15 mistakes; the service does not start:",
                "  - Api:ConcurrentRenders: The field ConcurrentRenders must be between 1 and 100.",
                "  - Api:CorsOrigins must be * or origins such as https://example.org, with commas between them.",
                "  - Api:EtlMaxAge is '24:00:00': a time such as 00:00:30, or 1.00:00:00 for a day, is expected.",
                "  - Api:KnownProxies must be addresses or networks such as 10.0.0.0/8, with commas between them.",
                "  - Api:MaxStaleness is 'soon': a time such as 00:00:30, or 1.00:00:00 for a day, is expected.",
                "  - Api:RateLimit:Request is not a setting; Api:RateLimit has Enabled, Requests, SharingInterval, Window.",
                "  - Api:RateLimit:Window must be whole seconds.",
                "  - Api:RetryAfter must be whole seconds.",
                "  - ConnectionStrings:cache is not set.",
                "  - ConnectionStrings:kasparro cannot be read as a connection string.",
                "  - Metrics:Port is '70000'; a port is a number from 1 to 65535.",
                "  - Operator:Key has 9 characters; an operator key needs 22 or more.",
                "  - Operator:KeyDirectory is '/nowhere', which is not a folder.",
                "  - Operator:Keys is not a setting; Operator has Key, KeyDirectory, PreviousKey.",
                "  - Shutdown:DrainDelay: The field DrainDelay must be between 00:00:00 and 00:05:00.",
            ],
            ReadMessage(api));
    }

    [Fact]
    public async Task The_worker_tells_every_mistake_in_one_message_and_does_not_start()
    {
        await using var worker = ServiceProcess.StartWorker(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:kasparro"] = "host=localhost user=u password=a-secret dbname=d",
            ["ConnectionStrings:cache"] = "\"redis://:a-secret@localhost\"",
            ["Upstreams:Kind"] = "imagined",
            ["Ingestion:WhenLockedOut"] = "1",
            ["Retention:Qoutes"] = "30.00:00:00",
            ["Sources:CoinGeko:ApiKey"] = "abc",
            ["SchemaDrift:Fields:price"] = "Refuse",
            ["Identity:OverridesFile"] = "/nowhere.yaml",
            ["Retention:Quotes"] = "30",
            ["Ingestion:MaxRejectedShare"] = "2",
            ["Sources:CoinGecko:BaseUrl"] = "ftp://example.org/",
            ["Sources:CoinPaprika:BaseUrl"] = "https://example.org/v1",
            ["Logos:Origin"] = "https://example.org/logos/?key=a-secret",
            ["Sources:Csv:Delimiter"] = "abc",
        });

        var exitCode = await worker.WaitAsync(Cancellation);

        Assert.Equal(SettingsException.ExitCode, exitCode);
        Assert.Equal(
            [
                "The configuration has 14 mistakes; the service does not start:",
                "  - ConnectionStrings:cache is in quotes, which only a shell takes away: leave them out.",
                "  - ConnectionStrings:kasparro separates names and values by blanks, as libpq does: Npgsql separates them by semicolons.",
                "  - Identity:OverridesFile: Identity overrides cannot be read: Could not find file '/nowhere.yaml'.",
                "  - Ingestion:MaxRejectedShare: The field MaxRejectedShare must be between 0 and 1.",
                "  - Ingestion:WhenLockedOut is '1': one of Wait, Exit is expected.",
                "  - Logos:Origin must begin with http:// or https:// and end with a slash, without a user or a query.",
                "  - Retention:Qoutes is not a setting; Retention has Changes, CsvCheckpoints, HourlyCandles, Interval, Quotes, RawPages, "
                    + "RejectedRecords, Runs, SchemaDrifts.",
                "  - Retention:Quotes is '30': a time such as 00:00:30, or 1.00:00:00 for a day, is expected.",
                "  - SchemaDrift:Fields:price is 'Refuse': one of Ignore, Warn, RejectRecord, FailRun is expected.",
                "  - Sources:CoinGecko:BaseUrl must begin with http:// or https:// and end with a slash, without a user or a query.",
                "  - Sources:CoinGeko is not a setting; Sources has CoinGecko, CoinPaprika, Csv.",
                "  - Sources:CoinPaprika:BaseUrl must begin with http:// or https:// and end with a slash, without a user or a query.",
                "  - Sources:Csv:Delimiter: 'abc' is not a delimiter: expected one ASCII character or 'tab'.",
                "  - Upstreams:Kind: live, simulated or recorded is expected.",
            ],
            ReadMessage(worker));
    }

    [Theory]
    [InlineData("Kasparro.Api")]
    [InlineData("Kasparro.Ingestion")]
    public async Task A_level_of_logs_that_there_is_not_is_told_in_a_line(string service)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Logging:Console:LogLevel:Default"] = "verbose" };
        await using var process = service == "Kasparro.Api" ? ServiceProcess.StartApi(settings) : ServiceProcess.StartWorker(settings);

        Assert.Equal(SettingsException.ExitCode, await process.WaitAsync(Cancellation));
        Assert.Equal(
            [
                "The configuration has a mistake; the service does not start:",
                "  - Logging:Console:LogLevel:Default is 'verbose': one of Trace, Debug, Information, Warning, Error, Critical, None is "
                    + "expected.",
            ],
            ReadMessage(process));
    }

    private static IEnumerable<string> ReadMessage(ServiceProcess service)
    {
        var lines = service.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Take(1), .. lines.Skip(1).Order(StringComparer.Ordinal)];
    }
}
