using Kasparro.Data.Runs;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>A single bad value among good ones is dropped alone or with its record, but never with the page.</summary>
public sealed class UnusableValueTests(BackingServices services) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kasparro-unusable-").FullName;

    /// <summary>Values that a JSON parser accepts but jsonb does not.</summary>
    public static TheoryData<string> Unstorable =>
    [
        "1e-20000", "0e-20000", "-0E-99999", "[{\"y\":1e-16384}]", $"0.{new string('0', 16_383)}1", "1e131072", "0e-99999999999",
        "\"\\u0000\"", "\"a\\ud800b\"", "{\"\\udc00\":1}", $"{new string('[', 200)}{new string(']', 200)}",
    ];

    /// <summary>Values at the limits of jsonb.</summary>
    public static TheoryData<string> Storable =>
    [
        "1e-16383", "1e400", "1e131071", $"0.{new string('0', 16_382)}1", "-1e-300", "123456789012345678901234567890.5",
        "\"\\\\u0000\"", "\"\\ud83d\\ude80\"",
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Unstorable))]
    public async Task A_record_that_the_database_cannot_store_is_rejected_alone(string value)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson(StubUpstream.Market(1), $"[{Coin("a", "1")},{Coin("b", value)},{Coin("c", "2")}]");
        upstream.OnJson(StubUpstream.Market(2), $"[{Coin("d", "3")}]");
        await using var ingestion = await CreateAsync(upstream);

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal((RunStatus.Completed, 3, 1), (outcome.Status, outcome.Totals.Inserted, outcome.Totals.Rejected));
        Assert.Equal(["a", "c", "d"], await ingestion.RowsAsync("SELECT external_id FROM listings ORDER BY 1", Cancellation));
        Assert.Equal(1, await ingestion.ScalarAsync<long>("SELECT count(*) FROM rejected_records", Cancellation));
    }

    [Theory]
    [MemberData(nameof(Storable))]
    public async Task A_record_that_the_database_can_store_is_loaded(string value)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson(StubUpstream.Market(1), $"[{Coin("a", value)}]");
        await using var ingestion = await CreateAsync(upstream);

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal((RunStatus.Completed, 1, 0), (outcome.Status, outcome.Totals.Inserted, outcome.Totals.Rejected));
    }

    [Fact]
    public async Task Optional_values_that_cannot_be_used_are_null_and_shown_as_drift()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson(StubUpstream.Market(1), """
            [{"id":"good-t","symbol":"gdt","name":"Good Test","current_price":1.25,"market_cap":100,"market_cap_rank":1,"total_volume":10,
              "max_supply":null,"last_updated":"2026-01-01T12:00:00.000Z"},
             {"id":"nan-t","symbol":"nnt","name":"Nan Test","current_price":2.5,"market_cap":"NaN","market_cap_rank":2,"total_volume":10,
              "max_supply":"Infinity","last_updated":"2026-01-01T12:00:00.000Z"},
             {"id":"neg-t","symbol":"ngt","name":"Negative Test","current_price":3.5,"market_cap":300,"market_cap_rank":3,"total_volume":-1,
              "max_supply":1e400,"last_updated":"2026-01-01T12:00:00.000Z"},
             {"id":"old-t","symbol":"oldt","name":"Zero Time Test","current_price":4.5,"market_cap":400,"market_cap_rank":4,
              "total_volume":10,"max_supply":null,"last_updated":"0001-01-01T00:00:00Z"}]
            """);
        await using var ingestion = await CreateAsync(upstream);

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal((RunStatus.Completed, 4, 0), (outcome.Status, outcome.Totals.Inserted, outcome.Totals.Rejected));
        Assert.Equal(
            [
                new StoredQuote(1.25, 100, 10, MaxSupply: null, HasNoTime: false),
                new StoredQuote(2.5, MarketCapUsd: null, 10, MaxSupply: null, HasNoTime: false),
                new StoredQuote(3.5, 300, Volume24hUsd: null, MaxSupply: null, HasNoTime: false),
                new StoredQuote(4.5, 400, 10, MaxSupply: null, HasNoTime: true),
            ],
            await ingestion.RecordsAsync<StoredQuote>(
                "SELECT price_usd, market_cap_usd, volume_24h_usd, max_supply, quoted_at IS NULL FROM listings ORDER BY price_usd",
                Cancellation));
        Assert.Equal(
            [
                new Drift("last_updated", "time", "time out of range", 1, "warn"),
                new Drift("market_cap", "number", "number out of range", 1, "warn"),
                new Drift("max_supply", "number", "number out of range", 2, "warn"),
                new Drift("total_volume", "number", "negative number", 1, "warn"),
            ],
            await ingestion.RecordsAsync<Drift>(
                "SELECT path, expected, found, occurrences, policy FROM schema_drifts WHERE kind = 'unusable' ORDER BY path",
                Cancellation));
    }

    /// <summary>A quote from the future would block all correct quotes until then.</summary>
    [Theory]
    [InlineData(2, true)] // The upstream's clock is ahead.
    [InlineData(20, false)]
    [InlineData(23 * 60, false)]
    public async Task A_time_to_come_is_left_out_and_keeps_no_true_quote_out(int minutes, bool isUsed)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await CreateAsync(upstream);
        var now = DateTimeOffset.UtcNow;
        upstream.OnJson(StubUpstream.Market(1), Quote(9, now.AddMinutes(minutes)));
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        Assert.Equal([$"9 | {isUsed}"], await ingestion.RowsAsync("SELECT price_usd, quoted_at IS NOT NULL FROM listings", Cancellation));
        Assert.Equal(
            isUsed ? [] : ["last_updated | time out of range"],
            await ingestion.RowsAsync("SELECT path, found FROM schema_drifts WHERE kind = 'unusable'", Cancellation));

        upstream.OnJson(StubUpstream.Market(1), Quote(7, now));
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);

        Assert.Equal(isUsed ? 9 : 7, await ingestion.ScalarAsync<double>("SELECT price_usd FROM listings", Cancellation));

        static string Quote(double price, DateTimeOffset at) =>
            $$"""[{"id":"a","symbol":"a","name":"A","current_price":{{price}},"last_updated":"{{at:yyyy-MM-ddTHH:mm:ss.fffZ}}"}]""";
    }

    /// <summary>Field names are chosen by upstreams and are part of an index.</summary>
    [Fact]
    public async Task Names_of_fields_are_kept_however_long_and_whatever_is_in_them()
    {
        var random = new Random(7);
        var name = string.Concat(Enumerable.Range(0, 3_000).Select(_ => (char)random.Next(0x4E00, 0x9FFF)));
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson(
            "/coins/list",
            $$"""
            [{"id":"a","symbol":"a","name":"A","platforms":{"{{name}}":7,"b\u0000\ud800":8,"{{name}}x":"0x1" } },
             {"id":"b","symbol":"b","name":"B","platforms":{} }]
            """);
        upstream.OnJson("/asset_platforms", $$"""[{"id":"{{name}}","chain_identifier":1,"name":"Long"}]""");
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinGecko:EvidenceInterval", "1.00:00:00"));

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal((RunStatus.Completed, null), (outcome.Status, outcome.Error));
        Assert.NotEqual(0, await ingestion.ScalarAsync<long>("SELECT count(*) FROM schema_drifts WHERE kind = 'unusable'", Cancellation));
    }

    [Fact]
    public async Task A_file_whose_prices_are_in_no_column_that_is_known_is_told_of()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        const string Text = "id,symbol,name,Prix,rank\na,A,Alpha,1.5,first\nb,B,Beta,2.5,2\n";
        await File.WriteAllTextAsync(Path.Combine(_folder, "a.csv"), Text, Cancellation);
        await using var ingestion = await CreateAsync(upstream, ("Sources:Csv:Path", _folder));

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.Csv)).Sources);

        Assert.Equal((RunStatus.Completed, 2), (outcome.Status, outcome.Totals.Inserted));
        Assert.Equal(
            [new FieldDrift("price_usd", "missing", 2, "id, symbol, name, Prix, rank"), new FieldDrift("rank", "unusable", 1, "first")],
            await ingestion.RecordsAsync<FieldDrift>(
                "SELECT path, kind, occurrences, example FROM schema_drifts ORDER BY path", Cancellation));
    }

    private static string Coin(string id, string value) =>
        $$"""{"id":"{{id}}","symbol":"{{id}}","name":"{{id}}","current_price":1,"last_updated":"2026-01-01T00:00:00Z","x":{{value}}}""";

    private Task<IngestionHarness> CreateAsync(StubUpstream upstream, params (string Key, string? Value)[] overrides) =>
        IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, overrides);

    private sealed record StoredQuote(double? PriceUsd, double? MarketCapUsd, double? Volume24hUsd, double? MaxSupply, bool HasNoTime);

    private sealed record Drift(string Path, string? Expected, string? Found, long Occurrences, string Policy);

    private sealed record FieldDrift(string Path, string Kind, long Occurrences, string? Example);
}
