using System.Net.Sockets;
using Npgsql;

namespace Kasparro.Api.Postgres;

/// <summary>Thrown when Postgres does not respond in time; the client may retry later.</summary>
internal sealed class CatalogueUnavailableException(Exception cause) : Exception(cause.Message, cause)
{
    /// <summary>Creates the exception for a standby that is behind the version that the client already has.</summary>
    public static CatalogueUnavailableException FromLaggingStandby() =>
        new(new TimeoutException("The standby has not replayed the version that the client has yet."));

    /// <summary>
    /// Whether <paramref name="exception"/> means that the database is unavailable, rather than that a query of ours is wrong.
    /// </summary>
    public static bool IsMeantBy(Exception exception) => exception switch
    {
        PostgresException postgres => IsAway(postgres),
        NpgsqlException or TimeoutException or SocketException or OperationCanceledException => true,
        // Exceptions in which EF Core wraps the cause when its retries are exhausted.
        InvalidOperationException or Microsoft.EntityFrameworkCore.Storage.RetryLimitExceededException
            or Microsoft.EntityFrameworkCore.DbUpdateException =>
            exception.InnerException is { } inner && IsMeantBy(inner),
        _ => false,
    };

    /// <summary>
    /// Whether a correct statement failed for a reason that passes on its own or that an operator can fix: any SQLSTATE of PostgreSQL,
    /// unless it means that the statement, or a value in it, is wrong. Among the reasons are restarts (57), conflicts on a standby (40001),
    /// locks (55P03), a pooler that lost a prepared statement (26000) or has another one of the same name (42P05), missing rights (42501),
    /// a read-only server (25006), and a schema that is not migrated yet (42P01, 42703, 42883).
    /// </summary>
    private static bool IsAway(PostgresException exception) => exception.SqlState switch
    {
        PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn
            or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedObject
            or PostgresErrorCodes.DuplicatePreparedStatement => true,
        var code => code[..2] is not ("20" or "21" or "22" or "23" or "42" or "44"),
    };
}
