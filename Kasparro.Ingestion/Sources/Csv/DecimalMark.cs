namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>What is known of how a file writes decimals: it decides what <c>1,234</c> and <c>1.234</c> are.</summary>
internal enum DecimalMark
{
    /// <summary>Nothing: both are refused.</summary>
    Unknown,

    /// <summary>
    /// Fields are separated by something that decimal commas do not come with: <c>1.234</c> is a decimal, <c>1,234</c> is refused.
    /// </summary>
    LikelyPoint,

    /// <summary>Other numbers of the file have decimal points: commas separate groups.</summary>
    Point,

    /// <summary>Other numbers of the file have decimal commas: points separate groups.</summary>
    Comma,

    /// <summary>The settings say so: what has a decimal comma is refused.</summary>
    PointOnly,

    /// <summary>The settings say so: what has a decimal point is refused.</summary>
    CommaOnly,
}
