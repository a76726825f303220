namespace Kasparro.Ingestion.Matching;

/// <summary>The overrides that identity is decided with: those of the reviewed file, and what operators added through the API.</summary>
internal sealed class EffectiveOverrides(MatchOverrides file)
{
    private volatile MatchOverrides _current = file;

    /// <summary>The reviewed file's.</summary>
    public MatchOverrides File { get; } = file;

    /// <summary>All; the file alone until <see cref="Add"/> was called.</summary>
    public MatchOverrides Current => _current;

    /// <summary>Adds these to the file's, in place of those added before; where the two disagree the file wins.</summary>
    public void Add(IEnumerable<(Guid Left, Guid Right, bool IsSame)> operators) => _current = File.With(operators);
}
