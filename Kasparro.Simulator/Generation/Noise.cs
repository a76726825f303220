namespace Kasparro.Simulator.Generation;

/// <summary>
/// Computes noise from hashes rather than from a generator's state, so that any number can be computed without those before it.
/// </summary>
internal static class Noise
{
    /// <summary>Hashes the three parts with SplitMix64's finaliser: well mixed, and the same on every platform and runtime.</summary>
    public static ulong Hash(ulong a, ulong b, ulong c = 0) => Mix(Mix(Mix(a + 0x9E3779B97F4A7C15) + b) + c);

    /// <summary>Computes a number in [0, 1).</summary>
    public static double Unit(ulong a, ulong b, ulong c = 0) => ToUnit(Hash(a, b, c));

    /// <summary>
    /// Computes a number in [-1, 1) that moves smoothly with <paramref name="seconds"/>, over <paramref name="period"/> seconds.
    /// </summary>
    public static double Wave(ulong key, ulong octave, long seconds, long period)
    {
        // Lattice noise: additions and products only, which give the same bits on every machine, as sines might not.
        var (lattice, rest) = Math.DivRem(seconds, period);
        var from = Unit(key, octave, (ulong)lattice);
        var to = Unit(key, octave, (ulong)lattice + 1);
        return (2 * (from + ((to - from) * rest / period))) - 1;
    }

    public static double ToUnit(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
