using System.Text.RegularExpressions;

namespace Kasparro.Tests.Unit.Repository;

/// <summary>
/// What the README says about the repository is correct: targets, files, links. <c>ReadmeExampleTests</c> runs its examples and
/// <c>MakefileTests</c> the targets.
/// </summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = RepositoryFiles.Text("README.md");

    [Fact]
    public void Make_targets_that_are_named_exist_and_those_that_exist_are_named()
    {
        var targets = Target().Matches(RepositoryFiles.Text("Makefile")).Select(match => match.Groups["name"].Value)
            .ToHashSet(StringComparer.Ordinal);
        var commands = MakeCommand().Matches(Readme).Select(match => match.Groups["command"].Value)
            .Concat(MakeRow().Matches(Readme).SelectMany(row => Code().Matches(row.Groups["targets"].Value))
                .Select(code => code.Groups["text"].Value))
            .Select(command => OptionalPart().Replace(command, "").Trim()).Distinct(StringComparer.Ordinal).ToList();

        var named = commands.SelectMany(command => command.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(word => !word.Contains('=', StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).ToList();
        Assert.Empty(named.Except(targets, StringComparer.Ordinal));
        Assert.Equal(["help"], targets.Except(named, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("SECURITY.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("docs/operations.md")]
    [InlineData("docs/configuration.md")]
    [InlineData("clients/typescript/README.md")]
    public void Links_lead_to_files_and_headings_that_exist(string document)
    {
        foreach (var link in Link().Matches(RepositoryFiles.Text(document)).Select(match => match.Groups["to"].Value)
            .Where(to => !to.Contains("://", StringComparison.Ordinal)))
        {
            var (path, heading) = (link.Split('#')[0], link.Split('#').ElementAtOrDefault(1));
            var file = path.Length == 0
                ? RepositoryFiles.At(document)
                : Path.GetFullPath(path, Path.GetDirectoryName(RepositoryFiles.At(document))!);
            Assert.True(File.Exists(file) || Directory.Exists(file), $"{document} → {link}");
            if (heading is not null)
            {
                Assert.Contains(heading, Heading().Matches(File.ReadAllText(file)).Select(match => Anchor(match.Groups["text"].Value)));
            }
        }
    }

    [Fact]
    public void Layout_lists_every_folder_of_the_product()
    {
        var layout = Readme[Readme.IndexOf("## Layout", StringComparison.Ordinal)..];
        var listed = Folder().Matches(layout[..layout.IndexOf("\n## ", StringComparison.Ordinal)])
            .Select(match => match.Groups["name"].Value).ToList();

        Assert.All(listed, folder => Assert.True(Directory.Exists(RepositoryFiles.At(folder)), folder));
        Assert.Empty(
            Directory.GetDirectories(RepositoryFiles.Root, "Kasparro.*").Select(Path.GetFileName).Except(listed, StringComparer.Ordinal));
    }

    private static string Anchor(string heading) => NotInAnchors().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex("^(?<name>[a-z-]+):.*## ", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Target();

    // `make up`, `Ingestion__Interval=00:05:00 make up`, or a separate line.
    [GeneratedRegex(
        @"(?<=[`\n ])make (?<command>[a-z][a-z-]*( [a-z][a-z-]*| [A-Z_]+=[^\s`]+)*)(?=`|\s*\n|\s+#)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MakeCommand();

    // A row of the table of targets: | `ingest [SOURCE=coingecko]` | … |
    [GeneratedRegex(@"(?<=\| make \| \|\n\|---\|---\|\n(\|.*\n)*)\| (?<targets>`[^|]+`) \|", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MakeRow();

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"\[[^\]]*\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OptionalPart();

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex("[^a-z0-9 _-]", RegexOptions.None, 1000)]
    private static partial Regex NotInAnchors();

    [GeneratedRegex(@"^ {4}(?<name>[A-Za-z.]+)/ ", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Folder();
}
