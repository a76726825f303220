using Kasparro.Ingestion;
using Npgsql;

namespace Kasparro.Tests.Unit.Ingestion;

/// <summary>What operators are told of an exception.</summary>
public sealed class ExplainedExceptionTests
{
    [Theory]
    [InlineData(PostgresErrorCodes.UndefinedTable, "run 'migrate' first")]
    [InlineData(PostgresErrorCodes.DuplicatePreparedStatement, "the worker needs sessions of its own")]
    [InlineData(PostgresErrorCodes.InvalidSqlStatementName, "the worker needs sessions of its own")]
    public void Error_of_postgres_comes_with_advice(string code, string advice)
    {
        var said = new PostgresException("no such thing", "ERROR", "ERROR", code).Explain();

        Assert.StartsWith($"{code}: no such thing. ", said, StringComparison.Ordinal);
        Assert.Contains(advice, said, StringComparison.Ordinal);
    }
}
