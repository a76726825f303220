using Npgsql;

namespace Kasparro.Ingestion;

/// <summary>Messages of exceptions as operators see them.</summary>
internal static class ExceptionExtensions
{
    /// <summary>
    /// The message of an exception and of its causes, since the outermost message of a failed connection often only points to an inner one.
    /// For an error of PostgreSQL: its code and message, without the position in our statement, and advice if the schema is missing.
    /// </summary>
    public static string Explain(this Exception exception)
    {
        if (exception is PostgresException refused)
        {
            var advice = refused.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn
                ? ". The schema is missing, or older than this version: run 'migrate' first."
                : "";
            return $"{refused.SqlState}: {refused.MessageText}{advice}";
        }

        var said = exception.Message;
        for (var cause = exception.InnerException; cause is not null; cause = cause.InnerException)
        {
            said += said.Contains(cause.Message, StringComparison.OrdinalIgnoreCase) ? "" : $" {cause.Message}";
        }

        return said;
    }
}
