namespace Kasparro.Api.Export;

/// <summary>Writes rows in one format. It holds a bounded number of them.</summary>
/// <typeparam name="T">The rows.</typeparam>
internal interface IExportWriter<in T> : IAsyncDisposable
{
    /// <summary>Writes a row, or keeps it until enough of them are there; waits where the client is slow.</summary>
    ValueTask WriteAsync(T row, CancellationToken cancellationToken);

    /// <summary>Writes what is kept, and the end: without it the export is not whole.</summary>
    ValueTask CompleteAsync(CancellationToken cancellationToken);
}
