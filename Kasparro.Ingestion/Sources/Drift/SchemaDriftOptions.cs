using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Sources.Drift;

/// <summary>Section <c>SchemaDrift</c>: what is to be done when a stream's records change their shape.</summary>
internal sealed class SchemaDriftOptions
{
    public const string Section = "SchemaDrift";

    /// <summary>For fields that no entry of <see cref="Fields"/> names.</summary>
    public DriftPolicy Default { get; set; } = DriftPolicy.Warn;

    /// <summary>By field: <c>coingecko/markets/current_price</c>, or <c>current_price</c> for any stream.</summary>
    public Dictionary<string, DriftPolicy> Fields { get; } = new(StringComparer.Ordinal);

    public DriftPolicy GetPolicy(string source, string stream, string path) =>
        Fields.TryGetValue($"{source}/{stream}/{path}", out var policy) || Fields.TryGetValue(path, out policy) ? policy : Default;
}
