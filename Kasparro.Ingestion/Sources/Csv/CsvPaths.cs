using Microsoft.Extensions.FileSystemGlobbing;
using Microsoft.Extensions.FileSystemGlobbing.Abstractions;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>Finds the files that a setting means.</summary>
internal static class CsvPaths
{
    private static readonly string[] Names = ["*.csv", "*.tsv", "*.csv.gz", "*.tsv.gz"];

    /// <summary>
    /// The files' full paths, the least recently written first: where two tell of one asset, the newer is read later and counts. What names
    /// a file that does not exist is among them, for its reading to fail, and so is a folder that cannot be read; an empty folder has no
    /// files, and that is no failure. Hidden files and lock files are passed over, unless they are named.
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
        ? [setting] // A name may have a semicolon in it.
        : setting.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Expand(string path)
    {
        if (Directory.Exists(path))
        {
            // Spark and Hadoop write a folder by a file's name, with its parts.
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
    /// Whether a file is none of the user's: hidden, a lock file of an office program (<c>.~lock.x.csv#</c>, <c>~$x.csv</c>), or what a Mac
    /// leaves in archives (<c>._x.csv</c>, <c>__MACOSX</c>); or, with a folder, a disk's own (<c>lost+found</c>).
    /// </summary>
    private static bool IsPassedOver(string relative) => relative
        .Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)
        .Any(part => (part.StartsWith('.') && part != ".") || part.StartsWith('~') || part is "__MACOSX" or "lost+found");

    /// <summary>
    /// A folder as it is searched: one that cannot be read hides no other, and is noted; links lead into each folder once, as they may lead
    /// back.
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
                return []; // Gone since it was found.
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                unreadable.Add(_folder.FullName);
                return [];
            }
        }
    }
}
