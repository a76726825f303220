namespace Kasparro.Benchmarks.Reporting;

/// <summary>One figure, measured once a round.</summary>
internal sealed class Series
{
    private readonly List<double> _values = [];

    public Series()
    {
    }

    public Series(IEnumerable<double> values)
    {
        _values.AddRange(values);
    }

    public IReadOnlyList<double> Values => _values;

    public double Median
    {
        get
        {
            var sorted = _values.Order().ToArray();
            var middle = sorted.Length / 2;
            return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    public double Min => _values.Min();

    public double Max => _values.Max();

    public void Add(double value) => _values.Add(value);

    /// <summary>Round by round: figures of one round had the same neighbours on the machine.</summary>
    public static Series operator /(Series left, Series right) => new(left._values.Zip(right._values, (a, b) => a / b));
}
