using System.Text.RegularExpressions;

namespace Kasparro.Tests.Unit.Repository;

/// <summary>The English of the product: in code, messages and documents, none of the archaic words that once stood there.</summary>
public sealed partial class EnglishTests
{
    private static readonly string[] Folders =
    [
        "Kasparro.Api", "Kasparro.AppHost", "Kasparro.Catalogue", "Kasparro.Data", "Kasparro.Explorer/src", "Kasparro.Ingestion", "Kasparro.ServiceDefaults",
        "Kasparro.Simulator", "clients", "deploy", "docs",
    ];

    private static readonly string[] Kinds = [".cs", ".ts", ".tsx", ".md", ".json", ".yaml", ".http"];

    [Fact]
    public void Product_uses_present_day_words()
    {
        var files = Folders.SelectMany(folder => Directory.EnumerateFiles(RepositoryFiles.At(folder), "*", SearchOption.AllDirectories))
            .Where(file => Kinds.Contains(Path.GetExtension(file), StringComparer.Ordinal) && !Generated().IsMatch(file))
            .Append(RepositoryFiles.At("README.md")).Append(RepositoryFiles.At("SECURITY.md")).ToList();
        Assert.True(files.Count > 300, $"only {files.Count} files were found");

        var found = files.SelectMany(file => File.ReadLines(file)
            .Select((line, index) => (Line: line, Number: index + 1))
            .Where(line => Archaic().IsMatch(line.Line))
            .Select(line => $"{Path.GetRelativePath(RepositoryFiles.Root, file)}:{line.Number}: {line.Line.Trim()}"));

        Assert.Empty(found);
    }

    [GeneratedRegex(@"\b(whatever|whoever|anew|beside|amid|lest|for ever|goes on|went on|parted from)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Archaic();

    [GeneratedRegex(@"[/\\](bin|obj|dist|node_modules|Migrations)[/\\]", RegexOptions.None, 1000)]
    private static partial Regex Generated();
}
