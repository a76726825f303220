namespace Kasparro.Ingestion.Matching;

/// <summary>Disjoint sets of the numbers from 0; sets are joined and never split (union by size, path halving).</summary>
internal sealed class DisjointSets
{
    private readonly int[] _parents;
    private readonly int[] _sizes;

    public DisjointSets(int count)
    {
        _parents = [.. Enumerable.Range(0, count)];
        _sizes = [.. Enumerable.Repeat(1, count)];
    }

    /// <summary>Returns the number that represents the set.</summary>
    public int Find(int number)
    {
        while (_parents[number] != number)
        {
            number = _parents[number] = _parents[_parents[number]];
        }

        return number;
    }

    public void Join(int left, int right)
    {
        var (into, from) = (Find(left), Find(right));
        if (into == from)
        {
            return;
        }

        if (_sizes[into] < _sizes[from])
        {
            (into, from) = (from, into);
        }

        _parents[from] = into;
        _sizes[into] += _sizes[from];
    }
}
