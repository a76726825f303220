using Kasparro.Benchmarks.Reporting;

namespace Kasparro.Benchmarks.Ingestion;

/// <summary>
/// Loads the same records in every way, one after another in each round, so that all ways see the same variations of the machine.
/// </summary>
internal sealed class SpeedBench(BenchArguments arguments)
{
    private readonly CannedUpstream _original = CannedUpstream.Create(new SyntheticRecords(seed: 1), arguments.Records, changed: false);
    private readonly CannedUpstream _changed = CannedUpstream.Create(new SyntheticRecords(seed: 1), arguments.Records, changed: true);
    private readonly Dictionary<string, CopyCeiling> _ceilings = new(StringComparer.Ordinal);
    private RowLoop? _loop;

    /// <summary>The two upstreams, which differ in how much one transaction loads.</summary>
    public IReadOnlyList<SourceFigures> Sources { get; } =
    [
        new(SourceNames.CoinPaprika, "CoinPaprika: one answer, 5,000 records a transaction", IsBulk: true),
        new(SourceNames.CoinGecko, "CoinGecko: pages of 250, a transaction each", IsBulk: false),
    ];

    /// <summary>
    /// The records/s of the loop: by the script, with a commit for each row; the same in C#; and in C# with one commit for each record.
    /// </summary>
    public (Series Script, Series EachRow, Series EachRecord) Loop { get; } = (new(), new(), new());

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var database = await BenchDatabase.CreateAsync(arguments.Postgres, "kasparro_bench", cancellationToken);
        using var pipeline = new BenchPipeline(database.ConnectionString, arguments.Redis);
        await using var small = await LoadedCatalogue.CreateAsync(arguments, arguments.Records, cancellationToken);
        await using var large = await LoadedCatalogue.CreateAsync(arguments, arguments.Catalogue, cancellationToken);

        // The first round warms up and is not counted.
        for (var round = 0; round <= arguments.Rounds; round++)
        {
            foreach (var figures in Sources)
            {
                await LoadAsync(figures, round, database, pipeline, cancellationToken);
                if (small is not null && large is not null)
                {
                    Count(figures.FreshInSmall, round, await FreshAsync(figures.Source, small, cancellationToken));
                    Count(figures.FreshInLarge, round, await FreshAsync(figures.Source, large, cancellationToken));
                }
            }

            await LoopAsync(round, database, cancellationToken);
            Progress(round);
        }
    }

    private async Task LoadAsync(
        SourceFigures figures, int round, BenchDatabase database, BenchPipeline pipeline, CancellationToken cancellationToken)
    {
        await database.EmptyAsync(cancellationToken);
        pipeline.Disconnect();
        await database.SettleAsync(cancellationToken);
        Count(figures.Fresh, round, await FreshAsync(figures.Source, pipeline, cancellationToken));
        Count(figures.Served, round, await database.RunTimeAsync(cancellationToken));
        if (!_ceilings.TryGetValue(figures.Source, out var ceiling))
        {
            _ceilings.Add(figures.Source, ceiling = await CopyCeiling.OfAsync(database, cancellationToken));
        }

        _loop ??= await RowLoop.OfAsync(database, arguments.LoopRecords, cancellationToken);

        await database.SettleAsync(cancellationToken);
        var wal = await database.WalAsync(cancellationToken);
        Count(figures.Unchanged, round,
            await pipeline.IngestAsync(figures.Source, _original, (0, 0, arguments.Records), cancellationToken));
        var written = await database.WalAsync(cancellationToken) - wal;
        if (round > 0)
        {
            figures.UnchangedWal.Add((double)written / (1024 * 1024));
        }

        await database.SettleAsync(cancellationToken);
        var changed = (arguments.Records + SyntheticRecords.ChangedEvery - 1) / SyntheticRecords.ChangedEvery;
        Count(figures.Changed, round,
            await pipeline.IngestAsync(figures.Source, _changed, (0, changed, arguments.Records - changed), cancellationToken));

        await database.EmptyAsync(cancellationToken);
        await database.SettleAsync(cancellationToken);
        Count(figures.Ceiling, round, await ceiling.CopyAsync(database, cancellationToken));
    }

    private async Task LoopAsync(int round, BenchDatabase database, CancellationToken cancellationToken)
    {
        if (arguments.LoopRecords == 0)
        {
            return;
        }

        await database.EmptyAsync(cancellationToken);
        Count(Loop.Script, round, await _loop!.WriteByScriptAsync(database, cancellationToken) * arguments.Records);
        foreach (var (series, commitEachRow) in new[] { (Loop.EachRow, true), (Loop.EachRecord, false) })
        {
            await database.EmptyAsync(cancellationToken);
            var each = await _loop.WriteAsync(database, commitEachRow, cancellationToken);
            Count(series, round, each * arguments.Records);
        }
    }

    private Task<TimeSpan> FreshAsync(string source, BenchPipeline pipeline, CancellationToken cancellationToken) =>
        pipeline.IngestAsync(source, _original, (arguments.Records, 0, 0), cancellationToken);

    private async Task<TimeSpan> FreshAsync(string source, LoadedCatalogue catalogue, CancellationToken cancellationToken)
    {
        var took = await FreshAsync(source, catalogue.Pipeline, cancellationToken);
        await catalogue.Database.ForgetAsync(source, cancellationToken);
        return took;
    }

    private void Count(Series series, int round, TimeSpan took)
    {
        if (round > 0)
        {
            series.Add(arguments.Records / took.TotalSeconds);
        }
    }

    private void Progress(int round)
    {
        if (round == 0)
        {
            Console.WriteLine("warmed up");
            return;
        }

        var sources = Sources.Select(figures =>
            $"{figures.Source}: {figures.Fresh.Values[^1]:0} fresh, {figures.Unchanged.Values[^1]:0} unchanged, "
                + $"{figures.Changed.Values[^1]:0} 1 % changed, "
            + $"{figures.Ceiling.Values[^1]:0} ceiling");
        Console.WriteLine(
            $"round {round} of {arguments.Rounds}, records/s: {string.Join("; ", sources)}; loop {Loop.Script.Values.LastOrDefault():0}");
    }
}

/// <summary>A catalogue that already holds other records, with its own worker.</summary>
internal sealed class LoadedCatalogue(BenchDatabase database, BenchPipeline pipeline) : IAsyncDisposable
{
    public BenchDatabase Database => database;

    public BenchPipeline Pipeline => pipeline;

    /// <summary>Creates a catalogue with a number of assets; null if the large one is omitted.</summary>
    public static async Task<LoadedCatalogue?> CreateAsync(BenchArguments arguments, int assets, CancellationToken cancellationToken)
    {
        if (arguments.Catalogue == 0)
        {
            return null;
        }

        var database = await LargeCatalogue.CreateAsync(
            arguments, $"kasparro_bench_{assets}", copies: Math.Max(1, assets / arguments.Records), forgetsOriginals: true,
            cancellationToken);
        return new(database, new BenchPipeline(database.ConnectionString, arguments.Redis));
    }

    public ValueTask DisposeAsync()
    {
        pipeline.Dispose();
        return database.DisposeAsync();
    }
}

/// <summary>The figures of one upstream, in records/s except for the WAL, which is in MB.</summary>
/// <param name="Source">The source.</param>
/// <param name="Title">The description in the table.</param>
/// <param name="IsBulk">Whether its pages can be of any size. With 250 records in a transaction, a third of the time is spent on round
/// trips and the commit, which a COPY of all rows in one transaction pays only once: these figures are shown next to the ceiling, but have
/// no target relative to it.</param>
internal sealed record SourceFigures(string Source, string Title, bool IsBulk)
{
    public Series Ceiling { get; } = new();

    /// <summary>Until the lock is released: the run, and the candles of its quotes.</summary>
    public Series Fresh { get; } = new();

    /// <summary>Until the run has ended and the API serves all of its data.</summary>
    public Series Served { get; } = new();

    /// <summary>Into a catalogue that already holds as many assets.</summary>
    public Series FreshInSmall { get; } = new();

    /// <summary>Into a catalogue that already holds ten times as many.</summary>
    public Series FreshInLarge { get; } = new();

    public Series Unchanged { get; } = new();

    public Series Changed { get; } = new();

    public Series UnchangedWal { get; } = new();
}
