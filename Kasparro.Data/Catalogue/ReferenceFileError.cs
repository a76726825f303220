namespace Kasparro.Data.Catalogue;

/// <summary>A row of an operator's file that could not be loaded, with the reason; the rest of the file was loaded.</summary>
public sealed class ReferenceFileError
{
    /// <summary>One of <see cref="ReferenceFileKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The file's name within its folder.</summary>
    public required string FileName { get; init; }

    /// <summary>The line, from 1; 0 for an error of the whole file.</summary>
    public long Line { get; init; }

    /// <summary>The reason as a code (<c>bad_id</c>, <c>unknown_id</c>, …).</summary>
    public required string Reason { get; init; }

    /// <summary>The reason in words.</summary>
    public required string Detail { get; init; }

    /// <summary>The row as written, truncated.</summary>
    public required string Payload { get; init; }
}
