namespace Kasparro.Simulator.Generation;

/// <summary>Hashes instead of a random generator's state: any number can be had again without those before it.</summary>
internal static class Noise
{
    /// <summary>SplitMix64's finaliser over the three parts: well mixed, and the same on every platform and runtime.</summary>
    public static ulong Hash(ulong a, ulong b, ulong c = 0) => Mix(Mix(Mix(a + 0x9E3779B97F4A7C15) + b) + c);

    /// <summary>A number in [0, 1).</summary>
    public static double Unit(ulong a, ulong b, ulong c = 0) => ToUnit(Hash(a, b, c));

    /// <summary>A number in [-1, 1) that moves smoothly with <paramref name="seconds"/>, over <paramref name="period"/> seconds.</summary>
    public static double Wave(ulong key, ulong octave, long seconds, long period)
    {
        // Lattice noise: only additions and products, so that every machine gets the same bits (sines would not promise that).
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
