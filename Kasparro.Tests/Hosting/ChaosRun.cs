namespace Kasparro.Tests.Hosting;

/// <summary>
/// How much chaos and load is made: a sample with the other tests, all of it with <c>make chaos</c> and <c>make load</c>.
/// </summary>
internal static class ChaosRun
{
    /// <summary>The environment variable that asks for all of it, as <c>full</c>.</summary>
    public const string Variable = "KASPARRO_CHAOS";

    /// <summary>The seed of everything random; the environment variable <c>KASPARRO_CHAOS_SEED</c> sets another.</summary>
    public static int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("KASPARRO_CHAOS_SEED"), out var seed)
        ? seed
        : 20_261_123;

    /// <summary>How long load lasts at the least: nothing for a sample, else a minute, or what <c>KASPARRO_LOAD_SECONDS</c> says.</summary>
    public static TimeSpan Lasting => !IsFull ? TimeSpan.Zero
        : TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("KASPARRO_LOAD_SECONDS"), out var seconds) ? seconds : 60);

    private static bool IsFull { get; } = Environment.GetEnvironmentVariable(Variable) == "full";

    public static int Count(int sample, int full) => IsFull ? full : sample;

    /// <summary>
    /// Says how a case ended, in one line: to the console of <c>make chaos</c> or <c>make load</c>, else to the test's output.
    /// </summary>
    public static void Tell(string line)
    {
        if (IsFull)
        {
            Console.WriteLine($"ok  {line}");
        }
        else
        {
            TestContext.Current.TestOutputHelper?.WriteLine(line);
        }
    }
}
