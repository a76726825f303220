namespace Kasparro.Ingestion.Model;

/// <summary>What is to be done about a drifted field; the strictest of a record's counts.</summary>
internal enum DriftPolicy
{
    /// <summary>Nothing, and nothing is recorded.</summary>
    Ignore,

    /// <summary>It is recorded and logged once a run; the record is loaded.</summary>
    Warn,

    /// <summary>Its records go to <c>rejected_records</c>.</summary>
    RejectRecord,

    /// <summary>The run fails before the page is loaded.</summary>
    FailRun,
}
