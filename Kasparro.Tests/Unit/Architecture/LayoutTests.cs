namespace Kasparro.Tests.Unit.Architecture;

public sealed class LayoutTests
{
    private const int MaxColumns = 140;
    private const int MaxLines = 400;

    private static readonly string[] Written =
    [
        ".cs", ".csproj", ".props", ".targets", ".ts", ".tsx", ".mjs", ".css", ".html", ".sh", ".yaml", ".yml", ".md", ".http", "Makefile",
    ];

    private static readonly string[] Folders = ["bench", "clients", "deploy", "docs", "scripts", ".ci", ".github"];

    private static readonly string[] Files =
    [
        .. Directory.GetDirectories(RepositoryFiles.Root, "Kasparro.*").Concat(Folders.Select(RepositoryFiles.At))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(RepositoryFiles.Root))
            .Where(file => Written.Any(file.EndsWith) && !IsMade(Path.GetRelativePath(RepositoryFiles.Root, file))),
    ];

    [Fact]
    public void Lines_have_at_most_140_columns()
    {
        Assert.Empty(Files.SelectMany(file => ReadLines(file)
            .Select((line, index) => (line.Length, Place: $"{Path.GetRelativePath(RepositoryFiles.Root, file)}:{index + 1}"))
            .Where(line => line.Length > MaxColumns)
            .Select(line => line.Place)));
    }

    [Fact]
    public void Files_of_CSharp_have_at_most_400_lines()
    {
        var files = Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal)).ToList();
        Assert.True(files.Count > 500, $"Only {files.Count} files.");

        Assert.DoesNotContain(files, file => File.ReadLines(file).Count() > MaxLines);
    }

    /// <summary>In the order of <c>dotnet format</c>, which would take CI half a minute to check.</summary>
    [Fact]
    public void Usings_are_sorted_those_of_System_first_and_static_ones_and_aliases_last()
    {
        var unsorted = Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
            .Where(file => ReadUsings(file).ToList() is var usings
                && !usings.SequenceEqual(usings.OrderBy(CreateSortKey, StringComparer.Ordinal)));

        Assert.Empty(unsorted);
    }

    /// <summary>Reads the using directives at the top of the file.</summary>
    private static IEnumerable<string> ReadUsings(string file) => File.ReadLines(file)
        .TakeWhile(line => line.Length == 0 || line.StartsWith("using ", StringComparison.Ordinal))
        .Where(line => line.Length > 0);

    private static string CreateSortKey(string directive)
    {
        var isStatic = directive.StartsWith("using static ", StringComparison.Ordinal);
        var name = directive[(isStatic ? "using static " : "using ").Length..].TrimEnd(';').ToUpperInvariant();
        return $"{(name.Contains('=', StringComparison.Ordinal) ? 2 : isStatic ? 1 : 0)}{(name.Split('.')[0] == "SYSTEM" ? 0 : 1)}{name}";
    }

    /// <summary>Whether the file is generated.</summary>
    private static bool IsMade(string path) =>
        path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules" or "dist" or "Migrations" or "results")
            || path.EndsWith("schema.d.ts", StringComparison.Ordinal);

    /// <summary>Reads the lines that could be broken; in Markdown, not those of tables and examples.</summary>
    private static IEnumerable<string> ReadLines(string file)
    {
        var isMarkdown = file.EndsWith(".md", StringComparison.Ordinal);
        var isExample = false;
        foreach (var line in File.ReadLines(file))
        {
            isExample ^= isMarkdown && line.StartsWith("```", StringComparison.Ordinal);
            yield return isMarkdown && (isExample || line.StartsWith('|')) ? "" : line;
        }
    }
}
