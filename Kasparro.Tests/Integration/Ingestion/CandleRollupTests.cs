using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Rollups;
using Microsoft.Extensions.Logging;

namespace Kasparro.Tests.Integration.Ingestion;

[Takes(40)]
public sealed class CandleRollupTests(BackingServices services)
{
    private const int Series = 1_000;
    private const int Runs = 5;
    private const int Seed = 20_261_128;

    private static readonly DateTimeOffset Start = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);
    private static readonly double?[] NoPrices = [null, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    [Fact]
    public async Task Candles_of_random_series_with_late_duplicate_and_corrected_quotes_are_what_a_plain_aggregate_says()
    {
        await using var runs = await QuoteRuns.CreateAsync(services, Start, new RetentionOptions(), Cancellation);
        var random = new Random(Seed);
        Guid[] listings = [.. Enumerable.Range(0, Series).Select(_ => NextId(random))];
        var written = listings.ToDictionary(listing => listing, _ => new List<Quote>());
        for (var run = 0; run < Runs; run++)
        {
            var quotes = new Dictionary<(Guid, DateTimeOffset), Quote>();
            foreach (var listing in listings)
            {
                for (var n = random.Next(10); n > 0; n--)
                {
                    var known = written[listing];
                    var quote = (random.Next(10), known.Count) switch
                    {
                        (0, > 0) => known[random.Next(known.Count)], // A known quote, possibly from before a correction.
                        (1 or 2, > 0) => NextQuote(random, listing, known[random.Next(known.Count)].QuotedAt),
                        _ => NextQuote(random, listing, NextTime(random, runs.Time.GetUtcNow())),
                    };
                    quotes[(listing, quote.QuotedAt)] = quote;
                    known.Add(quote);
                }
            }

            await runs.WriteAndRollUpAsync(quotes.Values, Cancellation);

            Assert.Empty(await runs.FindDifferencesAsync("quotes", Cancellation));
            runs.Time.Advance(TimeSpan.FromHours(random.Next(1, 30)));
        }

        Assert.True(await runs.ScalarAsync<long>("SELECT count(*) FROM daily_candles", Cancellation) > Series);
        Assert.Equal(0L, await runs.ScalarAsync<long>("SELECT count(*) FROM ingestion_runs WHERE rolled_up_at IS NULL", Cancellation));
    }

    [Fact]
    public async Task Hours_and_days_are_kept_again_after_a_clock_that_stood_years_ahead()
    {
        await using var runs = await QuoteRuns.CreateAsync(
            services, new(2030, 1, 1, 10, 0, 0, TimeSpan.Zero), new RetentionOptions(), Cancellation);
        var random = new Random(Seed);
        var listing = NextId(random);
        await runs.WriteAndRollUpAsync([NextQuote(random, listing, runs.Time.GetUtcNow())], Cancellation);
        runs.Time.AdjustTime(Start);

        for (var quote = 0; quote < 12; quote++)
        {
            await runs.WriteAndRollUpAsync([NextQuote(random, listing, runs.Time.GetUtcNow())], Cancellation);
            runs.Time.Advance(TimeSpan.FromHours(6));
        }

        Assert.Empty(await runs.FindDifferencesAsync("quotes", Cancellation));
        Assert.Equal(
            9,
            await runs.ScalarAsync<long>(
                "SELECT count(*) FROM hourly_candles WHERE hour >= '2026-11-19Z' AND hour < '2029-01-01Z'", Cancellation));
        Assert.Equal(
            new DateTime(2026, 11, 21, 0, 0, 0, DateTimeKind.Utc),
            await runs.ScalarAsync<DateTime>("SELECT days_until FROM candle_state", Cancellation));
    }

    [Fact]
    public async Task Late_quotes_are_merged_into_what_dropped_ones_left_and_nothing_of_a_day_is_lost()
    {
        var retention = Keep(quotes: TimeSpan.FromDays(2), hours: TimeSpan.FromDays(12));
        await using var runs = await QuoteRuns.CreateAsync(services, Start, retention, Cancellation);
        await runs.ExecuteAsync("CREATE TABLE all_quotes (LIKE quotes INCLUDING ALL)", Cancellation);
        var random = new Random(Seed);
        Guid[] listings = [.. Enumerable.Range(0, Series / 10).Select(_ => NextId(random))];
        var written = new HashSet<(Guid, DateTimeOffset)>();
        for (var run = 0; run < 2 * Runs; run++)
        {
            var quotes = new List<Quote>();
            foreach (var listing in listings)
            {
                for (var n = random.Next(10); n > 0; n--)
                {
                    // At most one quote per minute: once quotes are dropped, the time of a day's first quote is known only to the minute.
                    var time = NextTime(random, runs.Time.GetUtcNow());
                    time = time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMinute));
                    if (written.Add((listing, time)))
                    {
                        quotes.Add(NextQuote(random, listing, time));
                    }
                }
            }

            var token = (await runs.WriteAsync(quotes, Cancellation)).FencingToken;
            await runs.ExecuteAsync("INSERT INTO all_quotes SELECT * FROM quotes ON CONFLICT DO NOTHING", Cancellation);
            await runs.Rollup.ApplyAsync(token, Cancellation);

            Assert.Empty(await runs.FindDifferencesAsync("all_quotes", Cancellation));
            runs.Time.Advance(TimeSpan.FromHours(random.Next(1, 24 * 7)));
            await runs.DropAsync(Cancellation);
        }

        Assert.True(await runs.ScalarAsync<bool>(
            "SELECT (SELECT count(*) FROM quotes) < (SELECT count(*) / 2 FROM all_quotes)", Cancellation), "Nothing was dropped.");
        Assert.Equal(0L, await runs.ScalarAsync<long>(
            "SELECT count(*) FROM quotes, candle_state WHERE quoted_at < quotes_from", Cancellation));
    }

    [Theory]
    [InlineData(3)] // The hour is still kept.
    [InlineData(30)] // Only the day is kept.
    public async Task A_single_quote_that_comes_again_when_it_was_dropped_is_itself_or_its_correction(int daysLater)
    {
        var retention = Keep(quotes: TimeSpan.FromDays(1), hours: TimeSpan.FromDays(14));
        await using var runs = await QuoteRuns.CreateAsync(services, Start.AddDays(-2), retention, Cancellation);
        var quote = new Quote { ListingId = Guid.NewGuid(), QuotedAt = Start.AddDays(-4), PriceUsd = 5, MarketCapUsd = 50 };
        await runs.WriteAndRollUpAsync([quote], Cancellation);
        runs.Time.Advance(TimeSpan.FromDays(7 + daysLater));
        await runs.Rollup.ApplyAsync(await runs.DrawTokenAsync(Cancellation), Cancellation);
        await runs.DropAsync(Cancellation);
        Assert.Equal(0L, await runs.ScalarAsync<long>("SELECT count(*) FROM quotes", Cancellation));

        await runs.WriteAndRollUpAsync([quote], Cancellation);
        Assert.Equal("5 5 5 5 50 1", await DayAsync(runs));

        await runs.WriteAndRollUpAsync([new Quote { ListingId = quote.ListingId, QuotedAt = quote.QuotedAt, PriceUsd = 4 }], Cancellation);
        Assert.Equal("4 4 4 4 1", await DayAsync(runs));

        await runs.WriteAndRollUpAsync(
            [new Quote { ListingId = quote.ListingId, QuotedAt = quote.QuotedAt.AddMinutes(5), PriceUsd = 9, Volume24hUsd = 1 }],
            Cancellation);
        Assert.Equal("4 9 4 9 1 2", await DayAsync(runs));
    }

    [Fact]
    public async Task Candles_that_could_not_be_made_are_told_and_made_with_the_next_ingestion()
    {
        await using var runs = await QuoteRuns.CreateAsync(services, Start, new RetentionOptions(), Cancellation);
        await runs.ExecuteAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused by a test'; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON hourly_candles FOR EACH ROW EXECUTE FUNCTION refuse()
            """,
            Cancellation);
        var quote = new Quote { ListingId = Guid.NewGuid(), QuotedAt = Start.AddMinutes(-1), PriceUsd = 5 };
        await runs.WriteAndRollUpAsync([quote], Cancellation);

        var warning = Assert.Single(runs.Logger.Collector.GetSnapshot(), line => line.Level == LogLevel.Warning);
        Assert.Contains("refused by a test", warning.Message, StringComparison.Ordinal);
        Assert.Equal(0L, await runs.ScalarAsync<long>("SELECT count(*) FROM hourly_candles", Cancellation));

        await runs.ExecuteAsync("DROP TRIGGER refuse ON hourly_candles", Cancellation);
        await runs.Rollup.ApplyAsync(await runs.DrawTokenAsync(Cancellation), Cancellation);

        Assert.Empty(await runs.FindDifferencesAsync("quotes", Cancellation));
        Assert.Equal(1L, await runs.ScalarAsync<long>("SELECT count(*) FROM hourly_candles", Cancellation));
        Assert.Equal(0L, await runs.ScalarAsync<long>("SELECT count(*) FROM ingestion_runs WHERE rolled_up_at IS NULL", Cancellation));
    }

    [Fact]
    public async Task A_worker_that_was_overtaken_makes_no_candles()
    {
        await using var runs = await QuoteRuns.CreateAsync(services, Start, new RetentionOptions(), Cancellation);
        await runs.Rollup.ApplyAsync(await runs.DrawTokenAsync(Cancellation), Cancellation);
        var run = await runs.WriteAsync([new Quote { ListingId = Guid.NewGuid(), QuotedAt = Start, PriceUsd = 5 }], Cancellation);
        await runs.DrawTokenAsync(Cancellation);

        await runs.Rollup.ApplyAsync(run.FencingToken, Cancellation);

        Assert.Contains("stale", Assert.Single(runs.Logger.Collector.GetSnapshot()).Message, StringComparison.Ordinal);
        Assert.Equal(0L, await runs.ScalarAsync<long>("SELECT count(*) FROM hourly_candles", Cancellation));
    }

    [Fact]
    public async Task A_run_whose_quotes_are_known_leaves_nothing_to_do()
    {
        await using var runs = await QuoteRuns.CreateAsync(services, Start, new RetentionOptions(), Cancellation);
        var quote = new Quote { ListingId = Guid.NewGuid(), QuotedAt = Start, PriceUsd = 5 };
        await runs.WriteAndRollUpAsync([quote], Cancellation);
        var version = await runs.ScalarAsync<string>("SELECT xmin::text FROM hourly_candles", Cancellation);

        await runs.WriteAndRollUpAsync([quote], Cancellation);

        Assert.Equal(version, await runs.ScalarAsync<string>("SELECT xmin::text FROM hourly_candles", Cancellation));
        Assert.Equal(1L, await runs.ScalarAsync<long>("SELECT count(*) FROM ingestion_runs WHERE quotes_from IS NULL", Cancellation));
        Assert.Single(runs.Logger.Collector.GetSnapshot(), line => line.Message.Contains("candles of run", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Todays_candle_is_of_its_hours_and_ends_are_exclusive()
    {
        await using var runs = await QuoteRuns.CreateAsync(services, Start, new RetentionOptions(), Cancellation);
        var listing = Guid.NewGuid();
        Quote[] quotes = [.. Enumerable.Range(0, 48)
            .Select(hour => new Quote { ListingId = listing, QuotedAt = Start.AddHours(-hour), PriceUsd = hour })];
        await runs.WriteAndRollUpAsync([.. quotes, new Quote { ListingId = Guid.NewGuid(), QuotedAt = Start, PriceUsd = 1 }], Cancellation);

        Assert.Equal(
            "2026-11-16 47 47 35 35 13; 2026-11-17 34 34 11 11 24; 2026-11-18 10 10 0 0 11",
            await runs.ScalarAsync<string>($"""
                SELECT string_agg(concat_ws(' ', (begins AT TIME ZONE 'UTC')::date, open, high, low, close, quotes), '; ' ORDER BY begins)
                FROM daily_candles_between(ARRAY['{listing}'::uuid], '2026-11-01', '2026-11-19')
                """, Cancellation));
        Assert.Equal(2L, await runs.ScalarAsync<long>(
            $"SELECT count(*) FROM hourly_candles_between(ARRAY['{listing}'::uuid], '2026-11-17 08:00Z', '2026-11-17 10:00Z')",
            Cancellation));
        Assert.Equal(1L, await runs.ScalarAsync<long>(
            $"SELECT count(*) FROM daily_candles_between(ARRAY['{listing}'::uuid], '2026-11-17', '2026-11-18')", Cancellation));
        Assert.Equal(2L, await runs.ScalarAsync<long>(
            "SELECT count(*) FROM daily_candles_between(NULL, '2026-11-18', '2026-11-19')", Cancellation));
    }

    private static RetentionOptions Keep(TimeSpan quotes, TimeSpan hours) =>
        new() { Quotes = quotes, HourlyCandles = hours, Interval = TimeSpan.FromSeconds(1) };

    private static Task<string> DayAsync(QuoteRuns runs) => runs.ScalarAsync<string>(
        """
        SELECT string_agg(concat_ws(' ', open, high, low, close, market_cap_usd, volume_24h_usd, quotes), '; ')
        FROM daily_candles_between(NULL, '2000-01-01', '2100-01-01')
        """,
        Cancellation);

    private static Guid NextId(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new(bytes);
    }

    /// <summary>Gets a time that is mostly within the last 40 hours, sometimes days or years late, and rarely ahead of the clock.</summary>
    private static DateTimeOffset NextTime(Random random, DateTimeOffset now)
    {
        var back = random.Next(10) switch
        {
            < 6 => TimeSpan.FromHours(40 * random.NextDouble()),
            < 8 => TimeSpan.FromDays(20 * random.NextDouble()),
            8 => TimeSpan.FromDays(1000 * random.NextDouble()),
            _ => TimeSpan.FromMinutes(-90 * random.NextDouble()),
        };
        var time = now - back;
        return time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    private static Quote NextQuote(Random random, Guid listing, DateTimeOffset time) => new()
    {
        ListingId = listing,
        QuotedAt = time,
        PriceUsd = random.Next(20) == 0 ? NoPrices[random.Next(NoPrices.Length)] : Math.Round(random.NextDouble() * 100, 2),
        MarketCapUsd = random.Next(10) == 0 ? NoPrices[random.Next(NoPrices.Length)] : random.Next(1_000),
        Volume24hUsd = random.Next(10) == 0 ? null : random.Next(1_000),
    };
}
