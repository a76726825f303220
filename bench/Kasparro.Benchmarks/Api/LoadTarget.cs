using Kasparro.Benchmarks.Reporting;

namespace Kasparro.Benchmarks.Api;

/// <summary>The figures of one server under one load, round by round.</summary>
internal sealed class LoadFigures
{
    public Series Rate { get; } = new();

    public Series P99 { get; } = new();

    public Series Processor { get; } = new();

    /// <summary>Adds the loads of a round as one value: their mean.</summary>
    public void Add(IReadOnlyCollection<Load> loads)
    {
        Rate.Add(loads.Average(load => load.Rate));
        P99.Add(loads.Average(load => load.P99));
        Processor.Add(loads.Average(load => load.Processor));
    }
}

/// <summary>A server, and the requests that it is loaded with.</summary>
internal sealed record LoadTarget(ServerProcess Server, string Path, LuaScript? Script, int Threads, LoadFigures Figures)
{
    /// <summary>
    /// Loads the servers in order and then in reverse, so that all of them are affected if the machine becomes faster or slower.
    /// </summary>
    /// <param name="targets">The servers, in order.</param>
    /// <param name="arguments">The arguments, which determine how long each load takes.</param>
    /// <param name="isCounted">Whether the round counts towards the figures.</param>
    /// <param name="cancellationToken">Cancels the round.</param>
    public static async Task RunRoundAsync(
        IReadOnlyList<LoadTarget> targets, BenchArguments arguments, bool isCounted, CancellationToken cancellationToken)
    {
        var loads = targets.ToDictionary(target => target, _ => new List<Load>(2));
        foreach (var target in targets.Concat(targets.Reverse()))
        {
            loads[target].Add(await target.RunAsync(TimeSpan.FromSeconds(arguments.Seconds), cancellationToken));
        }

        foreach (var (target, ofRound) in isCounted ? loads : [])
        {
            target.Figures.Add(ofRound);
        }
    }

    private async Task<Load> RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var before = Server.ProcessorTime;
        var load = await Wrk.RunAsync(Server.Url + Path, duration, Threads, Script?.Path, cancellationToken);
        return load with { Processor = (Server.ProcessorTime - before).TotalMicroseconds / load.Requests };
    }
}
