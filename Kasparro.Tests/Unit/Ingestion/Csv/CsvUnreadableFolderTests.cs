using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Csv;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

/// <summary>A subfolder that this process may not read.</summary>
[SupportedOSPlatform("linux")]
public sealed class CsvUnreadableFolderTests : CsvFiles
{
    private const uint Root = 0;
    private const uint Nobody = 65_534;
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly List<string> _unreadable = [];

    [Fact]
    public async Task A_folder_that_cannot_be_read_hides_no_file_and_its_reading_says_why()
    {
        Write("good.csv", $"{Header}\na,A,Alpha,1\n");
        var secret = CreateUnreadable("secret");
        var options = new CsvOptions { Path = Path.Combine(Folder, "**", "*.csv") };

        var streams = AsNobody(() => Source(options).GetStreams(Request())); // The watch's constructor accesses the files, too.

        Assert.Equal(["good.csv", "secret"], streams.Select(stream => stream.Title).Order(StringComparer.Ordinal));
        Assert.Single(await Pages(streams.Single(stream => stream.Title == "good.csv"), ResumePoint.Start));
        var error = await Assert.ThrowsAsync<SourceException>(
            () => Pages(streams.Single(stream => stream.Title == "secret"), ResumePoint.Start));
        Assert.Contains($"'{secret}' cannot be read", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lost+found")]
    [InlineData(".snapshot")]
    public void A_disks_own_folder_is_passed_over(string name)
    {
        Write("good.csv", $"{Header}\na,A,Alpha,1\n");
        CreateUnreadable(name);
        var options = new CsvOptions { Path = Path.Combine(Folder, "**", "*.csv") };

        Assert.Equal(["good.csv"], AsNobody(() => Source(options).GetStreams(Request())).Select(stream => stream.Title));
    }

    [Fact]
    public void A_configured_folder_that_cannot_be_read_is_a_stream_of_its_own()
    {
        var secret = CreateUnreadable("secret");

        var streams = AsNobody(() => Source(new CsvOptions { Path = secret }).GetStreams(Request()));

        Assert.Equal(["secret"], streams.Select(stream => stream.Title));
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var folder in OperatingSystem.IsLinux() ? _unreadable : [])
        {
            File.SetUnixFileMode(folder, ForAll);
        }

        base.Dispose(disposing);
    }

    private string CreateUnreadable(string name)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Needs Linux's modes of folders.");
        }

        File.SetUnixFileMode(Folder, ForAll);
        var path = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        File.WriteAllText(Path.Combine(path, "hidden.csv"), $"{Header}\nb,B,Beta,2\n");
        File.SetUnixFileMode(path, UnixFileMode.UserExecute);
        _unreadable.Add(path);
        return path;
    }

    /// <summary>Runs without root's right to read everything; each thread has its own file system user.</summary>
    private static T AsNobody<T>(Func<T> action)
    {
        if (Environment.UserName != "root")
        {
            return action();
        }

        _ = SetFileSystemUser(Nobody);
        try
        {
            return action();
        }
        finally
        {
            _ = SetFileSystemUser(Root);
        }
    }

    [DllImport("libc", EntryPoint = "setfsuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetFileSystemUser(uint userId);
}
