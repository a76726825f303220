using Npgsql;

namespace Kasparro.Ingestion;

/// <summary>What exceptions say to operators.</summary>
internal static class ExceptionExtensions
{
    /// <summary>
    /// What an exception and its causes say: of a failed connection the outermost one mostly says that there is another. Of a refusal of
    /// PostgreSQL that is its code and message, without the place in a statement that is ours, and what to do about a missing schema.
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
