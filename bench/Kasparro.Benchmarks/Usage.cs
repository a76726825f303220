namespace Kasparro.Benchmarks;

/// <summary>The usage message.</summary>
internal static class Usage
{
    private const string Text = """
        usage: Kasparro.Benchmarks ingestion --postgres "Host=…;Username=…" --redis host:port[,options]
               [--rounds 9] [--records 100000] [--catalogue 1000000] [--loop 2000] [--csv-rows 1000000] [--memory 3]
               [--results bench/results]
               Kasparro.Benchmarks history … [--memory 3] [--csv-rows 1000000]
               Kasparro.Benchmarks identity … [--rounds 9] [--records 100000]
               Kasparro.Benchmarks identity-report --truth URL (of a simulator; the rules against its truth)
               Kasparro.Benchmarks resolve … [--rounds 9]
               Kasparro.Benchmarks api … [--rounds 9] [--seconds 2] [--catalogue 1000000] [--distinct 1000000] (needs wrk)
               Kasparro.Benchmarks storage … [--sizes 1000000,10000000] [--assets 17000] [--days 3650] [--scale 0.1] [--live-days 35]
               Kasparro.Benchmarks vendors … [--rounds 9] [--seconds 2] [--catalogue 1000000] (needs wrk)

        Or as environment variables: KASPARRO_BENCH_POSTGRES, …. Makes databases of its own on that server (kasparro_bench…) and drops them.
        No other ingestion may use that Redis meanwhile. A size of 0 leaves its part out. `make bench` starts both servers.
        """;

    /// <returns>The exit code for a wrong command line.</returns>
    public static int Print()
    {
        Console.Error.WriteLine(Text);
        return 2;
    }
}
