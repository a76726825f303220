using System.Runtime.CompilerServices;

namespace Kasparro.Tests;

/// <summary>
/// The recorded responses next to the repository (../shared/corpus), which may be absent because they must not be copied into it.
/// </summary>
internal static class Corpus
{
    /// <summary>Gets the path of a recorded file; skips the test, with the reason, if there is no such file.</summary>
    public static string Require(string file)
    {
        var path = Candidates().Select(root => Path.Combine(root, "..", "shared", "corpus", file)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"../shared/corpus/{file} is not there: recordings are not part of the repository.");
        return path!;
    }

    private static IEnumerable<string> Candidates([CallerFilePath] string here = "") =>
        new[] { Path.GetDirectoryName(here), AppContext.BaseDirectory }.OfType<string>().SelectMany(Ancestors)
            .Where(folder => File.Exists(Path.Combine(folder, "Kasparro.sln")));

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (var current = new DirectoryInfo(folder); current is not null; current = current.Parent)
        {
            yield return current.FullName;
        }
    }
}
