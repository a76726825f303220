namespace Kasparro.Simulator.Generation;

/// <summary>A seeded sequence of random numbers. System.Random does not guarantee the same sequence across runtime versions.</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _drawn;

    public ulong Next() => Noise.Hash(seed, ++_drawn);

    /// <summary>Draws a number in [0, <paramref name="limit"/>).</summary>
    public int Next(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>Draws a number in [0, 1).</summary>
    public double Unit() => Noise.ToUnit(Next());

    public bool Chance(double probability) => Unit() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    public void Shuffle<T>(IList<T> items)
    {
        for (var i = items.Count - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
