using Kasparro.Data.Catalogue;

namespace Kasparro.Ingestion.Loading.References;

/// <summary>The readable content of an operator's file.</summary>
/// <param name="Kind">One of <see cref="ReferenceFileKind"/>.</param>
/// <param name="Vocabulary">The vocabulary of a crosswalk, or null for other files.</param>
internal sealed record ReferenceContent(string Kind, string? Vocabulary)
{
    /// <summary>The valid rows of a crosswalk.</summary>
    public List<CrosswalkRow> Ids { get; } = [];

    /// <summary>The valid rows of a file of decimals.</summary>
    public List<DecimalsRow> Decimals { get; } = [];

    /// <summary>The bad rows; line 0 stands for the whole file.</summary>
    public List<ReferenceFault> Faults { get; } = [];

    /// <summary>Whether the file as a whole cannot be used; what was loaded from it before is kept.</summary>
    public bool IsRefused => Faults.Exists(fault => fault.Line == 0);

    /// <summary>The numbers of valid and of bad rows.</summary>
    public (int Good, int Bad) Counts => (Ids.Count + Decimals.Count, Faults.Count);
}

/// <summary>A row of a crosswalk.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Id">The id in one of our vocabularies.</param>
/// <param name="Value">The id in the file's vocabulary.</param>
/// <param name="Text">The row as written.</param>
internal sealed record CrosswalkRow(long Line, AssetIdentifier Id, string Value, string Text);

/// <summary>A token's decimals.</summary>
internal sealed record DecimalsRow(long Line, TokenContract Contract, short Decimals);

/// <summary>A row that cannot be loaded.</summary>
/// <param name="Line">Its line, from 1; 0 for the whole file.</param>
/// <param name="Reason">A code from <see cref="Model.RejectionReason"/> or <see cref="ReferenceReason"/>.</param>
/// <param name="Detail">A description for people.</param>
/// <param name="Text">The row as written.</param>
internal sealed record ReferenceFault(long Line, string Reason, string Detail, string Text);

/// <summary>Why a row of an operator's file cannot be loaded. The codes are public, in <c>reference_file_errors.reason</c>.</summary>
internal static class ReferenceReason
{
    /// <summary>An id does not belong to any vocabulary, or is not valid in it.</summary>
    public const string BadId = "bad_id";

    /// <summary>An id does not name anything in the catalogue; it is tried again after each ingestion.</summary>
    public const string UnknownId = "unknown_id";

    /// <summary>An id names several assets.</summary>
    public const string AmbiguousId = "ambiguous_id";

    /// <summary>The row contradicts an earlier one.</summary>
    public const string Conflicting = "conflicting";

    /// <summary>The file's vocabulary is one of this service's own, or not a valid name.</summary>
    public const string BadVocabulary = "bad_vocabulary";

    /// <summary>Another file that was written later has the same vocabulary.</summary>
    public const string Superseded = "superseded";

    /// <summary>The file cannot be read, or has no rows.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>More rows are bad than <see cref="LoadingOptions.MaxRejectedShare"/> allows.</summary>
    public const string TooManyBadRows = "too_many_bad_rows";
}
