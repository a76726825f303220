using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Npgsql;

namespace Kasparro.Tests.Integration.Api;

/// <summary>The SQL in docs/analysis.md, run on exported files and on PostgreSQL.</summary>
public sealed partial class AnalysisDocsTests(HistoryApi history, ITestOutputHelper output) : IClassFixture<HistoryApi>
{
    [Fact]
    public async Task Every_query_of_the_page_finds_something()
    {
        var page = (await File.ReadAllTextAsync(RepositoryFiles.At("docs/analysis.md"), Cancellation)).Split("\n## PostgreSQL\n");
        var (duck, postgres) = (Queries(page[0]), Queries(page[1]));
        Assert.Equal((8, 4), (duck.Count, postgres.Count));

        var folder = Directory.CreateTempSubdirectory("analysis");
        try
        {
            foreach (Match download in Download().Matches(page[0]))
            {
                await File.WriteAllBytesAsync(
                    Path.Combine(folder.FullName, download.Groups["file"].Value),
                    await history.Api.Client.GetByteArrayAsync(new Uri(download.Groups["path"].Value, UriKind.Relative), Cancellation),
                    Cancellation);
            }

            await using var files = new DuckDBConnection("Data Source=:memory:");
            await files.OpenAsync(Cancellation);
            await using (var command = files.CreateCommand())
            {
                command.CommandText = $"SET file_search_path = '{folder.FullName}'";
                await command.ExecuteNonQueryAsync(Cancellation);
            }

            await RunAsync(files, duck);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        await using var database = new NpgsqlConnection(history.Api.Catalogue);
        await database.OpenAsync(Cancellation);
        await RunAsync(database, postgres);
    }

    private async Task RunAsync(System.Data.Common.DbConnection connection, List<string> queries)
    {
        foreach (var query in queries)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = query;
            if (query.StartsWith("CREATE", StringComparison.Ordinal) || query.StartsWith("SET", StringComparison.Ordinal))
            {
                await command.ExecuteNonQueryAsync(Cancellation);
                continue;
            }

            await using var reader = await command.ExecuteReaderAsync(Cancellation);
            Assert.True(await reader.ReadAsync(Cancellation), query);
            output.WriteLine(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        }
    }

    private static List<string> Queries(string page) => [.. Block().Matches(page).Select(match => match.Groups["sql"].Value)];

    [GeneratedRegex("^```sql\n(?<sql>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Block();

    [GeneratedRegex("^curl -o (?<file>\\S+) 'http://localhost:8000(?<path>[^']+)'", RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Download();
}
