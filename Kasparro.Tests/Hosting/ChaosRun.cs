namespace Kasparro.Tests.Hosting;

/// <summary>
/// Sets how much chaos and load the tests produce: a sample by default, everything with <c>make chaos</c> and <c>make load</c>.
/// </summary>
internal static class ChaosRun
{
    /// <summary>The environment variable that selects everything, with the value <c>full</c>.</summary>
    public const string Variable = "KASPARRO_CHAOS";

    /// <summary>The seed of all random numbers; the environment variable <c>KASPARRO_CHAOS_SEED</c> overrides it.</summary>
    public static int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("KASPARRO_CHAOS_SEED"), out var seed)
        ? seed
        : 20_261_123;

    /// <summary>The minimum duration of load: zero for a sample, otherwise a minute or <c>KASPARRO_LOAD_SECONDS</c>.</summary>
    public static TimeSpan Lasting => !IsFull ? TimeSpan.Zero
        : TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("KASPARRO_LOAD_SECONDS"), out var seconds) ? seconds : 60);

    private static bool IsFull { get; } = Environment.GetEnvironmentVariable(Variable) == "full";

    public static int Count(int sample, int full) => IsFull ? full : sample;

    /// <summary>
    /// Reports the outcome of a case in one line: to the console with <c>make chaos</c> or <c>make load</c>, otherwise to the test's
    /// output.
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
