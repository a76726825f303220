using System.Runtime.InteropServices;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Sources.Drift;

/// <summary>Counts how a page's records differ from their stream's known schema, by field and kind. Not safe for concurrent use.</summary>
internal sealed class DriftTally(string source, string stream, SchemaDriftOptions options)
{
    private Dictionary<(string Path, string Kind), DriftFinding> _findings = [];

    /// <summary>The configured policy for a field of this stream.</summary>
    public DriftPolicy GetPolicy(string path) => options.GetPolicy(source, stream, path);

    /// <summary>Counts a finding; the first example is kept.</summary>
    public void Add(DriftFinding finding)
    {
        ref var noted = ref CollectionsMarshal.GetValueRefOrAddDefault(_findings, (finding.Path, finding.Kind), out var exists);
        noted = exists ? noted! with { Occurrences = noted!.Occurrences + 1 } : finding;
    }

    /// <summary>Counts the unusable values that a record is loaded without.</summary>
    /// <returns>Why the record must be rejected nevertheless, by the policy of its fields, or null if it is not.</returns>
    public string? Add(IReadOnlyList<UnusableValue> values)
    {
        string? rejection = null;
        foreach (var value in values)
        {
            var finding = new DriftFinding(
                value.Field, DriftKind.Unusable, value.Expected, value.Found, value.Example, GetPolicy(value.Field), Occurrences: 1);
            if (finding.Policy is DriftPolicy.Ignore)
            {
                continue;
            }

            Add(finding);
            rejection ??= finding.Policy is DriftPolicy.RejectRecord ? finding.ToString() : null;
        }

        return rejection;
    }

    /// <summary>Returns the findings since the last call.</summary>
    public IReadOnlyList<DriftFinding> Take()
    {
        if (_findings.Count == 0)
        {
            return [];
        }

        var taken = _findings.Values.ToList();
        _findings = [];
        return taken;
    }
}
