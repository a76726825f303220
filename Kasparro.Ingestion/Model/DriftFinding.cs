namespace Kasparro.Ingestion.Model;

/// <summary>One difference between records and their stream's schema.</summary>
/// <param name="Path">The field.</param>
/// <param name="Kind">One of <see cref="Data.Runs.DriftKind"/>.</param>
/// <param name="Expected">The JSON types that were expected.</param>
/// <param name="Found">The JSON type that came.</param>
/// <param name="Example">The first value met; for a missing field, the record that lacked it.</param>
/// <param name="Policy">What is to be done.</param>
/// <param name="Occurrences">How many records showed it.</param>
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
