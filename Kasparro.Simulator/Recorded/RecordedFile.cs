using Kasparro.Simulator.Upstreams;

namespace Kasparro.Simulator.Recorded;

/// <summary>A recorded response on disk, which may be missing; whether it exists is determined once, at the start.</summary>
internal sealed class RecordedFile(string folder, string name)
{
    public string Path { get; } = System.IO.Path.Combine(folder, name);

    /// <summary>The path within the recordings, as the health report names it.</summary>
    public string Name { get; } = name;

    public bool Exists { get; } = File.Exists(System.IO.Path.Combine(folder, name));

    /// <summary>Gets the file's verbatim bytes, or null if it does not exist.</summary>
    public ResponseBody? Verbatim()
    {
        if (!Exists)
        {
            return null;
        }

        return async (body, cancellationToken) =>
        {
            await using var file = Open();
            await file.CopyToAsync(body.AsStream(leaveOpen: true), cancellationToken);
        };
    }

    public FileStream Open() => new(Path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
}
