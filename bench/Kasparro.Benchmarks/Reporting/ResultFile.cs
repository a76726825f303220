using System.Globalization;
using Npgsql;

namespace Kasparro.Benchmarks.Reporting;

/// <summary>Writes a benchmark's table to a file with the date in its name.</summary>
internal static class ResultFile
{
    /// <summary>Runs a command: measures according to the arguments, and writes the table.</summary>
    /// <param name="title">The table's title.</param>
    /// <param name="args">The command's arguments.</param>
    /// <param name="measure">Measures, and returns a delegate that writes the figures.</param>
    /// <param name="cancellationToken">Cancels the command.</param>
    /// <returns>0 if all targets were met, 1 if not, 2 if the command line is wrong.</returns>
    public static async Task<int> CreateAsync(
        string title, string[] args, Func<BenchArguments, Task<Action<Report>>> measure, CancellationToken cancellationToken)
    {
        if (BenchArguments.Parse(args) is not { } arguments)
        {
            return Usage.Print();
        }

        return await WriteAsync(title, arguments, await measure(arguments), cancellationToken) ? 0 : 1;
    }

    /// <summary>Writes the table and prints it.</summary>
    /// <returns>Whether all targets were met.</returns>
    private static async Task<bool> WriteAsync(
        string title, BenchArguments arguments, Action<Report> write, CancellationToken cancellationToken)
    {
        var today = TimeProvider.System.GetLocalNow();
        var report = new Report(string.Create(CultureInfo.InvariantCulture, $"{title}, {today:yyyy-MM-dd}"));
        report.Line($"- Machine: {Machine.Describe()}");
        report.Line($"- PostgreSQL, the same for all: {await DescribeAsync(arguments.Postgres, cancellationToken)}");
        write(report);

        Directory.CreateDirectory(arguments.Results);
        var name = string.Create(CultureInfo.InvariantCulture, $"{today:yyyy-MM-dd}-{title.ToLowerInvariant()}.md");
        var path = Path.Combine(arguments.Results, name);
        await File.WriteAllTextAsync(path, report.ToString(), cancellationToken);
        Console.WriteLine();
        Console.Write(report);
        Console.WriteLine();
        Console.WriteLine($"written to {path}");
        return report.AllMet;
    }

    private static async Task<string> DescribeAsync(string postgres, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(postgres);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            SELECT string_agg(name || ' ' || current_setting(name), ', ' ORDER BY name DESC) FROM pg_settings
            WHERE name IN ('server_version', 'shared_buffers', 'synchronous_commit',
                'max_wal_size', 'fsync', 'checkpoint_timeout', 'work_mem', 'random_page_cost')
            """,
            connection);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
