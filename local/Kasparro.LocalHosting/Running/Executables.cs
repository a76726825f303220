using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>How resources other than PostgreSQL become commands of this machine.</summary>
internal static class Executables
{
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    public static Launch Prepare(ProjectResource project, Workspace workspace, IReadOnlyList<string> arguments)
    {
        var path = project.Annotations.OfType<IProjectMetadata>().Single().ProjectPath;
        var folder = Path.GetDirectoryName(path)!;
        var name = Path.GetFileNameWithoutExtension(path);
        var built = Path.Combine(folder, "bin", workspace.Configuration, $"net{Environment.Version.ToString(2)}", $"{name}.dll");
        if (!File.Exists(built))
        {
            throw new DistributedApplicationException($"{built} is missing: dotnet build Kasparro.sln -c {workspace.Configuration}");
        }

        // The dotnet that this process runs on, wherever it is installed.
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return new(Path.GetFullPath("../../../dotnet", runtime), [built, .. arguments], folder);
    }

    public static Launch Prepare(ExecutableResource executable, IReadOnlyList<string> arguments)
    {
        var command = executable.Command.Contains('/', StringComparison.Ordinal)
            ? Path.GetFullPath(executable.Command, executable.WorkingDirectory)
            : Find(executable.Command);
        return File.Exists(command)
            ? new(command, arguments, executable.WorkingDirectory)
            : throw new DistributedApplicationException($"the command {executable.Command} is not to be found");
    }

    public static async Task<Launch> PrepareAsync(RedisResource redis, string scratch, CancellationToken cancellationToken)
    {
        var server = Find("redis-server") ?? throw new DistributedApplicationException(
            $"redis-server is not installed ({redis.Name} needs it): apt-get install redis-server (Debian), brew install redis (macOS)");
        var password = await redis.PasswordParameter!.GetValueAsync(cancellationToken).ConfigureAwait(false);

        // In a file, because a command line is there for everyone to read; the scratch folder is this user's alone.
        var configuration = Path.Combine(scratch, "redis.conf");
        await File.WriteAllTextAsync(
            configuration,
            string.Create(CultureInfo.InvariantCulture, $"bind 127.0.0.1 -::1\nport {redis.PrimaryEndpoint.Port}\nrequirepass \"{password}\"\nsave \"\"\nappendonly no\ndir \"{scratch}\"\n"),
            cancellationToken).ConfigureAwait(false);
        return new(server, [configuration], scratch, Scratch: scratch);
    }

    public static int FreePort()
    {
        // Below the range from which the system takes the near ends of outgoing connections: nothing else picks one of these by chance.
        int port;
        do
        {
            port = RandomNumberGenerator.GetInt32(15_000, 32_000);
        }
        while (!IsFree(port));

        return port;
    }

    public static bool IsFree(int port) => CanListen(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Loopback, port));

    private static bool CanListen(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable)
        {
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
