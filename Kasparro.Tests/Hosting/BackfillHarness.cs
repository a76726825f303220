using System.Globalization;
using Kasparro.Data;
using Kasparro.Data.Runs;
using Kasparro.Ingestion;
using Kasparro.Ingestion.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NpgsqlTypes;

namespace Kasparro.Tests.Hosting;

/// <summary>Workers that backfill, and a clock that stands still until it is moved.</summary>
internal sealed class BackfillHarness(BackingServices services)
{
    /// <summary>The initial time.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public FakeTimeProvider Time { get; } = new(Start);

    /// <summary>Builds CoinGecko's response with one past price.</summary>
    public static string Chart((DateTimeOffset At, double Price) point) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"prices":[[{{point.At.ToUnixTimeMilliseconds()}},{{point.Price}}]],"market_caps":[],"total_volumes":[]}""");

    /// <summary>Creates a worker and its catalogue, for backfills that the test orders and runs.</summary>
    public Task<IngestionHarness> CreateAsync(SimulatorHost simulator, params (string Key, string? Value)[] overrides) => CreateAsync(
        "http://127.0.0.1:9/",
        [
            ("Sources:CoinGecko:BaseUrl", $"{simulator.Client.BaseAddress}coingecko/api/v3/"),
            ("Sources:CoinPaprika:BaseUrl", $"{simulator.Client.BaseAddress}coinpaprika/v1/"),
            .. overrides,
        ]);

    public Task<IngestionHarness> CreateAsync(string upstream, params (string Key, string? Value)[] overrides) =>
        IngestionHarness.CreateAsync(
            services, upstream, Cancellation,
            builder =>
            {
                builder.AddIngestionWorker();
                builder.Services.AddSingleton<TimeProvider>(Time);
            },
            overrides);

    /// <summary>
    /// Does the work of a worker while no source is due: for the next hour, unless <paramref name="look"/> says otherwise.
    /// </summary>
    public static Task<TimeSpan> WorkAsync(IngestionHarness ingestion, Func<Task<TimeSpan>>? look = null) =>
        WorkUntilStoppedAsync(ingestion, look ?? (() => Task.FromResult(TimeSpan.FromHours(1))), Cancellation);

    public static Task<TimeSpan> WorkUntilStoppedAsync(
        IngestionHarness ingestion, Func<Task<TimeSpan>> look, CancellationToken stopping) =>
        ingestion.Host.Services.GetRequiredService<ISpareTimeWork>().WorkAsync(_ => look(), stopping);

    /// <summary>Moves the clock until the condition holds.</summary>
    public Task UntilAsync(Func<bool> isSo) => Eventually.TrueAsync(
        () =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(500));
            return Task.FromResult(isSo());
        },
        Cancellation);

    /// <summary>Orders a backfill, of the last year by default.</summary>
    public async Task OrderAsync(
        IngestionHarness ingestion, int? top = null, DateTimeOffset? from = null, DateTimeOffset? to = null, string? source = null,
        Guid[]? assets = null)
    {
        var now = Time.GetUtcNow();
        await using var command = ingestion.Database.CreateCommand(Backfill.InsertSql);
        command.Parameters.Add(new() { Value = Guid.CreateVersion7(now) });
        command.Parameters.Add(new() { Value = BackfillOrigin.Request });
        command.Parameters.Add(NullableParameters.From(assets, NpgsqlDbType.Array | NpgsqlDbType.Uuid));
        command.Parameters.Add(NullableParameters.Text(source));
        command.Parameters.Add(NullableParameters.From(top, NpgsqlDbType.Integer));
        command.Parameters.Add(new() { Value = from ?? now.AddDays(-365) });
        command.Parameters.Add(new() { Value = to ?? now });
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(NullableParameters.Text(text: null));
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>Counts the calls for past prices.</summary>
    public static async Task<int> CountCallsAsync(SimulatorHost simulator) => (await simulator.GetAsync("/requests")).EnumerateArray()
        .Where(route => route.GetProperty("route").GetString()!.Contains("{id}", StringComparison.Ordinal))
        .Sum(route => route.GetProperty("requests").GetInt32());

    public static async Task<bool> HasOpenAsync(IngestionHarness ingestion) => await ingestion.ScalarAsync<bool>(
        $"SELECT EXISTS (SELECT FROM backfills b WHERE {Backfill.IsActive})", Cancellation);
}
