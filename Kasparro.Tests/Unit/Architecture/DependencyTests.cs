using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Kasparro.Tests.Unit.Architecture;

/// <summary>The allowed references between projects and, within the services, between folders, which must not form cycles.</summary>
public sealed partial class DependencyTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, string[]> Projects = new(StringComparer.Ordinal)
    {
        ["Kasparro.Catalogue"] = [],
        ["Kasparro.Data"] = ["Kasparro.Catalogue"],
        ["Kasparro.ServiceDefaults"] = [],
        ["Kasparro.Ingestion"] = ["Kasparro.Data", "Kasparro.ServiceDefaults"],
        ["Kasparro.Api"] = ["Kasparro.Data", "Kasparro.ServiceDefaults"],
        ["Kasparro.Simulator"] = ["Kasparro.Catalogue"],
        ["Kasparro.AppHost"] = [
            "Kasparro.Api", "Kasparro.Ingestion", "Kasparro.Simulator", "Kasparro.Catalogue", "Kasparro.ServiceDefaults"],
    };

    // From bottom to top; each folder may use those before it.
    private static readonly string[] IngestionLayers =
        ["Model", "Postgres", "Sources", "Matching", "Loading", "Rollups", "Runs", "Backfills", "Logos", "Commands"];

    // What the API's features share, from bottom to top, and which feature may use which other one. Docs describes all of them.
    private static readonly string[] ApiLayers = ["Postgres", "Http", "Catalogue"];
    private static readonly string[] ApiFeatures =
    [
        "Assets -> Resolve", "Backfills -> Resolve", "CoinGeckoApi -> Vendors", "CoinPaprikaApi -> Vendors",
        "History -> Assets", "History -> Resolve", "Identity -> Assets", "Ingestions -> Runs", "Mappings -> Assets", "Mappings -> Export",
        "Resolve -> Assets",
        "Runs -> Backfills", "Runs -> Quality", "TokenContracts -> Assets", "Vendors -> Assets", "Vendors -> History",
    ];

    [Fact]
    public void Projects_reference_only_those_below_them()
    {
        foreach (var (project, allowed) in Projects)
        {
            var references = XDocument.Load(RepositoryFiles.At($"{project}/{project}.csproj")).Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)).ToList();
            output.WriteLine($"{project} -> {string.Join(", ", references)}");

            Assert.Empty(references.Except(allowed, StringComparer.Ordinal));
        }

        Assert.Empty(XDocument.Load(RepositoryFiles.At("Kasparro.Catalogue/Kasparro.Catalogue.csproj")).Descendants("PackageReference"));
    }

    [Fact]
    public void Folders_of_the_ingestion_use_only_those_below_them()
    {
        Assert.DoesNotContain(FindDependencies("Kasparro.Ingestion"), use =>
            Array.IndexOf(IngestionLayers, use.From) < Array.IndexOf(IngestionLayers, use.To)
            || !IngestionLayers.Contains(use.From, StringComparer.Ordinal));
    }

    [Fact]
    public void Features_of_the_API_use_what_they_share_and_each_other_only_where_it_is_said_here()
    {
        foreach (var (from, to) in FindDependencies("Kasparro.Api").Where(use => use.From != "Docs" && use.To != "Docs"))
        {
            var (user, used) = (Array.IndexOf(ApiLayers, from), Array.IndexOf(ApiLayers, to));
            var isAllowed = used < 0 ? ApiFeatures.Contains($"{from} -> {to}", StringComparer.Ordinal) : user < 0 || user > used;
            Assert.True(isAllowed, $"{from} -> {to}");
        }

        // The JSON of all features is one context in the project's own folder, which no using directive names.
        Assert.DoesNotContain(
            ApiLayers.SelectMany(layer => Directory.EnumerateFiles(RepositoryFiles.At($"Kasparro.Api/{layer}"), "*.cs")),
            file => File.ReadAllText(file).Contains("ApiJson.", StringComparison.Ordinal));
    }

    /// <summary>
    /// Finds the folders of a project that name each other in a using directive. Files in the project's own folder, which compose the
    /// others, are excluded.
    /// </summary>
    private IEnumerable<(string From, string To)> FindDependencies(string project)
    {
        var uses = Directory.EnumerateFiles(RepositoryFiles.At(project), "*.cs", SearchOption.AllDirectories)
            .Select(file =>
                (File: file, Folder: Path.GetRelativePath(RepositoryFiles.At(project), file).Split(Path.DirectorySeparatorChar)))
            .Where(source => source.Folder.Length > 1 && source.Folder[0] is not ("bin" or "obj"))
            .SelectMany(source => Using().Matches(File.ReadAllText(source.File))
                .Where(match => match.Groups["project"].Value == project)
                .Select(match => (From: source.Folder[0], To: match.Groups["folder"].Value)))
            .Where(use => use.From != use.To).Distinct().OrderBy(use => use.From, StringComparer.Ordinal).ToList();
        Assert.NotEmpty(uses);
        foreach (var group in uses.GroupBy(use => use.From, StringComparer.Ordinal))
        {
            output.WriteLine($"{project}/{group.Key} -> {string.Join(", ", group.Select(use => use.To).Order(StringComparer.Ordinal))}");
        }

        return uses;
    }

    [GeneratedRegex(@"^using (static )?(?<project>Kasparro\.[A-Za-z]+)\.(?<folder>[A-Za-z]+)[.;]",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Using();
}
