namespace Kasparro.Data.Catalogue;

/// <summary>
/// An override that the catalogue has been resolved with; changes of the file that have not been applied yet are not included.
/// </summary>
public sealed class IdentityOverride
{
    /// <summary>The listing with the smaller id.</summary>
    public Guid ListingId { get; init; }

    /// <summary>The other listing.</summary>
    public Guid OtherId { get; init; }

    /// <summary>Whether they are one asset or not, regardless of the evidence.</summary>
    public bool IsSame { get; set; }

    /// <summary>The origin: <see cref="FromFile"/> or <see cref="FromOperator"/>.</summary>
    public string Origin { get; set; } = FromFile;

    /// <summary>The reviewed file in the repository, which takes precedence over operators.</summary>
    public const string FromFile = "file";

    /// <summary>The API's endpoint (<see cref="IdentityOverrideChange"/>).</summary>
    public const string FromOperator = "operator";
}
