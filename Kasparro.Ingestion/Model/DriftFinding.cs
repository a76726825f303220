namespace Kasparro.Ingestion.Model;

/// <summary>A difference between records and their stream's schema.</summary>
/// <param name="Path">The field.</param>
/// <param name="Kind">One of <see cref="Data.Runs.DriftKind"/>.</param>
/// <param name="Expected">The JSON types that were expected.</param>
/// <param name="Found">The JSON type that was received.</param>
/// <param name="Example">The first value found; for a missing field, the record that lacks it.</param>
/// <param name="Policy">How the drift is handled.</param>
/// <param name="Occurrences">The number of records with this difference.</param>
internal sealed record DriftFinding(
    string Path, string Kind, string? Expected, string? Found, string Example, DriftPolicy Policy, long Occurrences)
{
    public string PolicyName => Policy switch
    {
        DriftPolicy.FailRun => "fail_run",
        DriftPolicy.RejectRecord => "reject_record",
        DriftPolicy.Warn => "warn",
        _ => "ignore",
    };

    public override string ToString() => Kind switch
    {
        Data.Runs.DriftKind.Retyped => $"{Path} is {Found} in place of {Expected}",
        _ => $"{Path} is {Kind}",
    };
}
