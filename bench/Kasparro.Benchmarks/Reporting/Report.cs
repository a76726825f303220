using System.Globalization;
using System.Text;

namespace Kasparro.Benchmarks.Reporting;

/// <summary>A markdown file with the machine, the figures and their targets.</summary>
internal sealed class Report(string title)
{
    private readonly StringBuilder _text = new($"# {title}\n\n");

    /// <summary>Whether all targets so far were met.</summary>
    public bool AllMet { get; private set; } = true;

    public void Line(string line) => _text.Append(line).Append('\n');

    public void Heading(string heading) => _text.Append(CultureInfo.InvariantCulture, $"\n## {heading}\n\n");

    public void Columns(params ReadOnlySpan<string> names)
    {
        _text.Append("| ").AppendJoin(" | ", names).Append(" |\n|");
        _text.Insert(_text.Length, "---|", names.Length).Append('\n');
    }

    public void Cells(params ReadOnlySpan<string> cells) => _text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    /// <summary>Adds a figure without a target.</summary>
    public void Figure(string name, Series series, string format) =>
        Cells(name, Number(series.Median, format), Spread(series, format));

    /// <summary>Adds a figure that should be at least <paramref name="target"/>.</summary>
    public void AtLeast(string name, Series series, double target, string format) =>
        Target(name, series, $"≥ {Number(target, "0.##")}", series.Median >= target, format);

    /// <summary>Adds a figure that should be at most <paramref name="target"/>.</summary>
    public void AtMost(string name, Series series, double target, string format) =>
        Target(name, series, $"≤ {Number(target, "0.##")}", series.Median <= target, format);

    public override string ToString() => _text.ToString();

    private void Target(string name, Series series, string target, bool met, string format)
    {
        AllMet &= met;
        Cells(name, Number(series.Median, format), Spread(series, format), target, met ? "yes" : "**no**");
    }

    private static string Spread(Series series, string format) => $"{Number(series.Min, format)} – {Number(series.Max, format)}";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
