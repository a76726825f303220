using System.Text.RegularExpressions;
using Npgsql;

namespace Kasparro.Ingestion;

/// <summary>Messages of exceptions as operators see them.</summary>
internal static partial class ExceptionExtensions
{
    /// <summary>
    /// The message of an exception and of its causes, since the outermost message of a failed connection often only points to an inner one.
    /// For an error of PostgreSQL: its code and message, without the position in our statement, and advice if it is known.
    /// User names and passwords in URLs are masked: .NET's messages name the proxy by the URL in <c>HTTPS_PROXY</c>.
    /// </summary>
    public static string Explain(this Exception exception)
    {
        if (exception is PostgresException refused)
        {
            var advice = refused.SqlState switch
            {
                PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn =>
                    ". The schema is missing, or older than this version: run 'migrate' first.",
                PostgresErrorCodes.DuplicatePreparedStatement or PostgresErrorCodes.InvalidSqlStatementName =>
                    ". A pooler shares sessions between clients, but the worker needs sessions of its own: connect it to Postgres itself.",
                _ => "",
            };
            return $"{refused.SqlState}: {refused.MessageText}{advice}";
        }

        var said = exception.Message;
        for (var cause = exception.InnerException; cause is not null; cause = cause.InnerException)
        {
            said += said.Contains(cause.Message, StringComparison.OrdinalIgnoreCase) ? "" : $" {cause.Message}";
        }

        return UserInfo().Replace(said, "[secret]");
    }

    [GeneratedRegex(@"(?<=://)[^/\s]+(?=@)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UserInfo();
}
