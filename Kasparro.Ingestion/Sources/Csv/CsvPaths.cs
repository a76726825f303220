using Microsoft.Extensions.FileSystemGlobbing;
using Microsoft.Extensions.FileSystemGlobbing.Abstractions;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>Finds the files that a setting names.</summary>
internal static class CsvPaths
{
    private static readonly string[] Names = ["*.csv", "*.tsv", "*.csv.gz", "*.tsv.gz"];

    /// <summary>
    /// The files' full paths, the least recently written first: if two have the same asset, the newer one is read later and wins. Paths of
    /// files that do not exist and of folders that cannot be read are included, so that reading them fails; an empty folder has no files,
    /// which is not an error. Hidden files and lock files are skipped unless they are named.
    /// </summary>
    /// <param name="setting">Files, folders and globs, separated by <c>;</c>.</param>
    /// <param name="baseFolder">Where relative paths start.</param>
    public static IReadOnlyList<string> Find(string setting, string baseFolder) =>
    [
        .. Split(setting, baseFolder)
            .SelectMany(part => Expand(Path.GetFullPath(part, baseFolder)))
            .Distinct(StringComparer.Ordinal)
            .OrderBy(File.GetLastWriteTimeUtc)
            .ThenBy(path => path, StringComparer.Ordinal),
    ];

    private static string[] Split(string setting, string baseFolder) => File.Exists(Path.GetFullPath(setting, baseFolder))
        ? [setting] // A name may contain a semicolon.
        : setting.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Expand(string path)
    {
        if (Directory.Exists(path))
        {
            // Spark and Hadoop write a folder that is named like a file and contains its parts.
            return Match(path, [.. Names, .. Names.Select(name => $"*.csv/{name}")]);
        }

        if (!path.Contains('*') || File.Exists(path))
        {
            return [path];
        }

        var folder = Path.GetDirectoryName(path[..path.IndexOf('*')])!;
        return Directory.Exists(folder) ? Match(folder, Path.GetRelativePath(folder, path)) : [path];
    }

    private static IEnumerable<string> Match(string folder, params string[] patterns)
    {
        var matcher = new Matcher(StringComparison.OrdinalIgnoreCase);
        matcher.AddIncludePatterns(patterns);
        var unreadable = new List<string>();
        var files = matcher.Execute(new SearchedFolder(new DirectoryInfo(folder), unreadable, [folder])).Files
            .Select(file => Path.GetFullPath(file.Path, folder)).ToList();
        return files.Concat(unreadable).Where(path => !IsPassedOver(Path.GetRelativePath(folder, path)));
    }

    /// <summary>
    /// Whether a path is not the user's data: hidden, a lock file of an office program (<c>.~lock.x.csv#</c>, <c>~$x.csv</c>), a Mac's
    /// additions to archives (<c>._x.csv</c>, <c>__MACOSX</c>) or a folder of the file system (<c>lost+found</c>).
    /// </summary>
    private static bool IsPassedOver(string relative) => relative
        .Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)
        .Any(part => (part.StartsWith('.') && part != ".") || part.StartsWith('~') || part is "__MACOSX" or "lost+found");

    /// <summary>
    /// A folder being searched. A folder that cannot be read is recorded and does not hide others; links are followed into each folder only
    /// once, since they may form a cycle.
    /// </summary>
    private sealed class SearchedFolder(DirectoryInfo folder, List<string> unreadable, HashSet<string> linked)
        : DirectoryInfoWrapper(folder)
    {
        private readonly DirectoryInfo _folder = folder;

        public override IEnumerable<FileSystemInfoBase> EnumerateFileSystemInfos()
        {
            try
            {
                return [.. _folder.GetFileSystemInfos()
                    .Where(entry => entry is not DirectoryInfo { LinkTarget: not null }
                        || linked.Add(entry.ResolveLinkTarget(returnFinalTarget: true)!.FullName))
                    .Select<FileSystemInfo, FileSystemInfoBase>(entry => entry is FileInfo file
                        ? new FileInfoWrapper(file)
                        : new SearchedFolder((DirectoryInfo)entry, unreadable, linked))];
            }
            catch (DirectoryNotFoundException)
            {
                return []; // Deleted since it was found.
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                unreadable.Add(_folder.FullName);
                return [];
            }
        }
    }
}
