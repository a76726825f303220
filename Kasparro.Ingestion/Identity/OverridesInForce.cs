namespace Kasparro.Ingestion.Identity;

/// <summary>The overrides that identity is decided with: those of the reviewed file, and what operators added through the API.</summary>
internal sealed class OverridesInForce(IdentityOverrides file)
{
    private volatile IdentityOverrides _current = file;

    /// <summary>The reviewed file's.</summary>
    public IdentityOverrides File { get; } = file;

    /// <summary>All; the file alone until <see cref="Add"/> was called.</summary>
    public IdentityOverrides Current => _current;

    /// <summary>Puts these beside the file's, in place of those that were there before; where the two disagree the file wins.</summary>
    public void Add(IEnumerable<(Guid Left, Guid Right, bool IsSame)> operators) => _current = File.With(operators);
}
