namespace Kasparro.Ingestion.Model;

/// <summary>How a drifted field is handled; the strictest policy of a record's drifted fields applies.</summary>
internal enum DriftPolicy
{
    /// <summary>The drift is ignored and not recorded.</summary>
    Ignore,

    /// <summary>The drift is recorded, and logged once per run; the record is loaded.</summary>
    Warn,

    /// <summary>Records with the drift go to <c>rejected_records</c>.</summary>
    RejectRecord,

    /// <summary>The run fails before the page is loaded.</summary>
    FailRun,
}
