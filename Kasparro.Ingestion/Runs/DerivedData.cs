using Kasparro.Ingestion.Loading.References;
using Kasparro.Ingestion.Loading.TokenLists;
using Kasparro.Ingestion.Model;
using Npgsql;

namespace Kasparro.Ingestion.Runs;

/// <summary>Data that is loaded or built after the sources have been read: operators' files, then token lists.</summary>
internal sealed class DerivedData(ReferenceFileLoader references, TokenListPublisher tokenLists, ILogger<DerivedData> logger)
{
    /// <summary>Loads the files and publishes the lists. A failure does not fail any run; the next ingestion tries again.</summary>
    public async Task ApplyAsync(long fencingToken, CancellationToken cancellationToken)
    {
        try
        {
            await references.ApplyAsync(fencingToken, cancellationToken);
            await tokenLists.ApplyAsync(fencingToken, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            IngestionLog.ReferencesWait(logger, "The worker stops.");
        }
        catch (Exception e) when (e is NpgsqlException or StaleFencingTokenException or IOException or UnauthorizedAccessException)
        {
            IngestionLog.ReferencesWait(logger, e.Explain());
        }
    }
}
