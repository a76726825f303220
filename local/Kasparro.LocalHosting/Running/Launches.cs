using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting;

/// <summary>How resources become commands of this machine.</summary>
internal static class Launches
{
    public static Launch Of(ProjectResource project, Workspace workspace)
    {
        var path = project.Annotations.OfType<IProjectMetadata>().Single().ProjectPath;
        var folder = Path.GetDirectoryName(path)!;
        var built = Path.Combine(folder, "bin", workspace.Configuration, $"net{Environment.Version.ToString(2)}", $"{Path.GetFileNameWithoutExtension(path)}.dll");

        // The dotnet that this process runs on, wherever it is installed.
        var dotnet = Path.GetFullPath("../../../dotnet", Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        return File.Exists(built)
            ? new(dotnet, [built, .. ArgumentsOf(project)], folder)
            : throw new DistributedApplicationException($"{built} is missing: dotnet build Kasparro.sln -c {workspace.Configuration}");
    }

    public static Launch Of(ExecutableResource executable)
    {
        var command = executable.Command.Contains('/', StringComparison.Ordinal)
            ? Path.GetFullPath(executable.Command, executable.WorkingDirectory)
            : OnPath(executable.Command);
        return File.Exists(command)
            ? new(command, ArgumentsOf(executable), executable.WorkingDirectory)
            : throw new DistributedApplicationException($"the command {executable.Command} is not to be found");
    }

    public static async Task<Launch> OfAsync(RedisResource redis, string scratch, CancellationToken cancellationToken)
    {
        var server = OnPath("redis-server") ?? throw new DistributedApplicationException(
            "redis-server is not installed: apt-get install redis-server (Debian), brew install redis (macOS)");

        // The password goes through a file, because a command line is there for everyone to read.
        var configuration = Path.Combine(scratch, "redis.conf");
        var password = await redis.Password.GetValueAsync(cancellationToken).ConfigureAwait(false);
        Workspace.WriteSecret(
            configuration, $"bind 127.0.0.1 -::1\nport {redis.PrimaryEndpoint.Port}\nrequirepass \"{password}\"\nsave \"\"\nappendonly no\ndir \"{scratch}\"\n");
        return new(server, [configuration], scratch, Scratch: scratch);
    }

    public static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    // Below the range from which the system takes the near ends of outgoing connections: nothing else picks one of these by chance.
    public static int FreePort() => RandomNumberGenerator.GetInt32(15_000, 32_000) is var port && IsFree(port) ? port : FreePort();

    public static bool IsFree(int port)
    {
        try
        {
            foreach (var address in Dns.GetHostAddresses("localhost"))
            {
                using var listener = new TcpListener(address, port);
                listener.Start();
            }

            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is SocketError.AddressNotAvailable;
        }
    }

    private static List<string> ArgumentsOf(IResource resource) =>
        [.. resource.Annotations.OfType<ArgumentsAnnotation>().SelectMany(annotation => annotation.Arguments)];
}
