using System.Text.Json;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Postgres;

namespace Kasparro.Ingestion.Sources.Drift;

/// <summary>A missing field and an added one that are probably the same.</summary>
/// <param name="From">The missing field.</param>
/// <param name="To">The added field.</param>
/// <param name="Confidence">The confidence, 0–1.</param>
internal sealed record RenameGuess(string From, string To, double Confidence)
{
    /// <summary>The minimum confidence; below it, the two fields are not considered the same.</summary>
    public const double MinConfidence = 0.6;

    /// <summary>Without values to compare, even an equal name is not full proof.</summary>
    private const double NameAlone = 0.9;
    private const double OtherType = 0.3;

    /// <summary>Finds the most likely renames; each field is part of one at most.</summary>
    /// <param name="findings">The findings of a run in one stream.</param>
    /// <param name="samples">Records of the same listings, before and now.</param>
    public static IReadOnlyList<RenameGuess> Find(
        IReadOnlyCollection<StoredDrift> findings, IReadOnlyCollection<(JsonElement Before, JsonElement Now)> samples)
    {
        var added = findings.Where(finding => finding.Kind == DriftKind.Added).ToList();
        var candidates = findings.Where(finding => finding.Kind == DriftKind.Missing)
            .SelectMany(missing => added.Where(other => Parent(other.Path) == Parent(missing.Path))
                .Select(other => Compare(missing, other, samples)))
            .Where(guess => guess.Confidence >= MinConfidence)
            .OrderByDescending(guess => guess.Confidence)
            .ThenBy(guess => guess.From, StringComparer.Ordinal)
            .ThenBy(guess => guess.To, StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return [.. candidates.Where(
            guess => !taken.Contains(guess.From) && !taken.Contains(guess.To) && taken.Add(guess.From) && taken.Add(guess.To))];
    }

    private static RenameGuess Compare(
        StoredDrift missing, StoredDrift added, IReadOnlyCollection<(JsonElement Before, JsonElement Now)> samples)
    {
        var name = Similarity.OfNames(missing.Path, added.Path);
        var values = samples.Select(sample => (Before: Find(sample.Before, missing.Path), Now: Find(sample.Now, added.Path)))
            .Where(pair => pair is { Before: { ValueKind: not JsonValueKind.Null }, Now: { ValueKind: not JsonValueKind.Null } })
            .Select(pair => Similarity.OfValues(pair.Before!.Value, pair.Now!.Value))
            .ToList();
        if (values.Count > 0)
        {
            return new(missing.Path, added.Path, Math.Round((name + values.Average()) / 2, 3));
        }

        var fits = added.Found is "null" || missing.Expected?.Split('|').Contains(added.Found, StringComparer.Ordinal) is true;
        return new(missing.Path, added.Path, Math.Round(name * (fits ? NameAlone : OtherType), 3));
    }

    private static JsonElement? Find(JsonElement record, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (record.ValueKind is not JsonValueKind.Object || !record.TryGetProperty(name, out record))
            {
                return null;
            }
        }

        return record;
    }

    private static string Parent(string path) => path.Contains('.') ? path[..path.LastIndexOf('.')] : "";
}
