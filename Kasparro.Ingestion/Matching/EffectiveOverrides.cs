namespace Kasparro.Ingestion.Matching;

/// <summary>The overrides in effect: those of the reviewed file, and those that operators added through the API.</summary>
internal sealed class EffectiveOverrides(MatchOverrides file)
{
    private volatile MatchOverrides _current = file;

    /// <summary>The overrides of the reviewed file.</summary>
    public MatchOverrides File { get; } = file;

    /// <summary>All overrides; only those of the file until <see cref="Add"/> is called.</summary>
    public MatchOverrides Current => _current;

    /// <summary>Adds operators' overrides to those of the file, replacing those added before. If the two disagree, the file wins.</summary>
    public void Add(IEnumerable<(Guid Left, Guid Right, bool IsSame)> operators) => _current = File.With(operators);
}
