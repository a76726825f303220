namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>What is known about a file's decimals, which decides how <c>1,234</c> and <c>1.234</c> are read.</summary>
internal enum DecimalMark
{
    /// <summary>Nothing: both are refused.</summary>
    Unknown,

    /// <summary>
    /// The delimiter rarely occurs together with decimal commas: <c>1.234</c> is a decimal, <c>1,234</c> is refused.
    /// </summary>
    LikelyPoint,

    /// <summary>The file's other numbers have decimal points: commas separate groups.</summary>
    Point,

    /// <summary>The file's other numbers have decimal commas: points separate groups.</summary>
    Comma,

    /// <summary>The settings require decimal points: numbers with a decimal comma are refused.</summary>
    PointOnly,

    /// <summary>The settings require decimal commas: numbers with a decimal point are refused.</summary>
    CommaOnly,
}
