using System.Net.Sockets;
using Npgsql;

namespace Kasparro.Api.Postgres;

/// <summary>Postgres did not respond, or not in time: the client may try again later.</summary>
internal sealed class CatalogueUnavailableException(Exception cause) : Exception(cause.Message, cause)
{
    /// <summary>Postgres is a standby that is behind what the client knows.</summary>
    public static CatalogueUnavailableException FromLaggingStandby() =>
        new(new TimeoutException("The standby has not replayed the version that the client has yet."));

    /// <summary>Whether <paramref name="exception"/> means that the database is away, rather than that a query of ours is wrong.</summary>
    public static bool IsMeantBy(Exception exception) => exception switch
    {
        PostgresException postgres => IsAway(postgres),
        NpgsqlException or TimeoutException or SocketException or OperationCanceledException => true,
        // What EF Core's retries end with.
        InvalidOperationException or Microsoft.EntityFrameworkCore.Storage.RetryLimitExceededException
            or Microsoft.EntityFrameworkCore.DbUpdateException =>
            exception.InnerException is { } inner && IsMeantBy(inner),
        _ => false,
    };

    /// <summary>
    /// Whether a statement that is right failed for a reason that passes by itself or by an operator: any SQLSTATE of PostgreSQL, except
    /// that the statement, or a value in it, is wrong. Among the reasons are restarts (57), conflicts on a standby (40001), locks (55P03),
    /// a pooler that lost a statement (26000) or has another's of its name (42P05), missing rights (42501), a read-only server (25006),
    /// and a schema that is not migrated yet (42P01, 42703, 42883).
    /// </summary>
    private static bool IsAway(PostgresException exception) => exception.SqlState switch
    {
        PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn
            or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedObject
            or PostgresErrorCodes.DuplicatePreparedStatement => true,
        var code => code[..2] is not ("20" or "21" or "22" or "23" or "42" or "44"),
    };
}
