using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Sources.Drift;

/// <summary>The section <c>SchemaDrift</c>: how changes in the shape of a stream's records are handled.</summary>
internal sealed class SchemaDriftOptions
{
    public const string Section = "SchemaDrift";

    /// <summary>The policy for fields that <see cref="Fields"/> does not contain.</summary>
    public DriftPolicy Default { get; set; } = DriftPolicy.Warn;

    /// <summary>The policies by field: <c>coingecko/markets/current_price</c>, or <c>current_price</c> for any stream.</summary>
    public Dictionary<string, DriftPolicy> Fields { get; } = new(StringComparer.Ordinal);

    public DriftPolicy GetPolicy(string source, string stream, string path) =>
        Fields.TryGetValue($"{source}/{stream}/{path}", out var policy) || Fields.TryGetValue(path, out policy) ? policy : Default;
}
