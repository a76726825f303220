namespace Kasparro.Ingestion.Commands;

/// <summary>The settings of the command <c>migrate</c>.</summary>
internal sealed class MigrateOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Migrate";

    /// <summary>
    /// The password of the role <c>kasparro_api</c>, in ASCII, with which the API can connect in place of the schema's owner. Without it the role has its
    /// rights, but a new one cannot log in.
    /// </summary>
    public string? ApiPassword { get; set; }
}
