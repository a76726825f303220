namespace Kasparro.Api.Export;

/// <summary>Writes rows in one format, holding a bounded number of them.</summary>
/// <typeparam name="T">The type of the rows.</typeparam>
internal interface IExportWriter<in T> : IAsyncDisposable
{
    /// <summary>Writes a row, or holds it until there are enough rows to write; waits if the client is slow.</summary>
    ValueTask WriteAsync(T row, CancellationToken cancellationToken);

    /// <summary>Writes the remaining rows and the end, without which the export is incomplete.</summary>
    ValueTask CompleteAsync(CancellationToken cancellationToken);
}
