namespace Kasparro.Benchmarks.Reporting;

/// <summary>The values of one figure, one for each round.</summary>
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

    /// <summary>Divides round by round, since figures of the same round were measured under the same conditions.</summary>
    public static Series operator /(Series left, Series right) => new(left._values.Zip(right._values, (a, b) => a / b));
}
