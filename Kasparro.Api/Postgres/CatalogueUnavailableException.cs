using System.Net.Sockets;
using Npgsql;

namespace Kasparro.Api.Postgres;

/// <summary>Postgres did not answer, or not in time: the client may try again later.</summary>
internal sealed class CatalogueUnavailableException(Exception cause) : Exception(cause.Message, cause)
{
    /// <summary>Whether <paramref name="exception"/> means that the database is away, rather than that a query of ours is wrong.</summary>
    public static bool IsMeantBy(Exception exception) => exception switch
    {
        PostgresException postgres => IsAway(postgres),
        NpgsqlException or TimeoutException or SocketException or OperationCanceledException => true,
        // What EF Core's retries end with.
        InvalidOperationException or Microsoft.EntityFrameworkCore.Storage.RetryLimitExceededException => exception.InnerException is { } inner && IsMeantBy(inner),
        _ => false,
    };

    // Connection lost, out of resources, stopped by an operator, cannot log in, no such database, and no such table: not migrated yet.
    private static bool IsAway(PostgresException exception) =>
        exception.SqlState[..2] is "08" or "53" or "57" or "28" or "3D" || exception.SqlState == PostgresErrorCodes.UndefinedTable;
}
