using Kasparro.Data.Catalogue;

namespace Kasparro.Ingestion.Loading.References;

/// <summary>What an operator's file says, as far as it can be read.</summary>
/// <param name="Kind">One of <see cref="ReferenceFileKind"/>.</param>
/// <param name="Vocabulary">The vocabulary of a crosswalk.</param>
internal sealed record ReferenceContent(string Kind, string? Vocabulary)
{
    /// <summary>The good rows of a crosswalk.</summary>
    public List<CrosswalkRow> Ids { get; } = [];

    /// <summary>The good rows of a file of decimals.</summary>
    public List<DecimalsRow> Decimals { get; } = [];

    /// <summary>The bad rows; line 0 is the whole file.</summary>
    public List<ReferenceFault> Faults { get; } = [];

    /// <summary>Whether the file as a whole cannot be used: what was loaded of it before stays.</summary>
    public bool IsRefused => Faults.Exists(fault => fault.Line == 0);

    /// <summary>How many rows could be read, and how many not.</summary>
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
/// <param name="Reason">A code, of <see cref="Model.RejectionReason"/> or <see cref="ReferenceReason"/>.</param>
/// <param name="Detail">For people.</param>
/// <param name="Text">The row as written.</param>
internal sealed record ReferenceFault(long Line, string Reason, string Detail, string Text);

/// <summary>Why a row of an operator's file cannot be loaded; the codes are public, in <c>reference_file_errors.reason</c>.</summary>
internal static class ReferenceReason
{
    /// <summary>An id is of no vocabulary, or no such id can exist in it.</summary>
    public const string BadId = "bad_id";

    /// <summary>An id names nothing in the catalogue; it is tried again after each ingestion.</summary>
    public const string UnknownId = "unknown_id";

    /// <summary>An id names several assets.</summary>
    public const string AmbiguousId = "ambiguous_id";

    /// <summary>An earlier row says something else.</summary>
    public const string Conflicting = "conflicting";

    /// <summary>The file's vocabulary is one of this service's own, or no name.</summary>
    public const string BadVocabulary = "bad_vocabulary";

    /// <summary>Another file, written later, has the same vocabulary.</summary>
    public const string Superseded = "superseded";

    /// <summary>The file cannot be read, or has no row.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>More rows are bad than <see cref="LoadingOptions.MaxRejectedShare"/> allows.</summary>
    public const string TooManyBadRows = "too_many_bad_rows";
}
