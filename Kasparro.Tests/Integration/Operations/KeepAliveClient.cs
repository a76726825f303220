using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Kasparro.Tests.Integration.Operations;

/// <summary>
/// A connection that is kept open as long as the server allows, like a proxy's. Unlike <see cref="HttpClient"/> it does not retry: a
/// request that was sent and got no response has failed.
/// </summary>
internal sealed class KeepAliveClient(int port) : IDisposable
{
    private TcpClient? _connection;

    /// <summary>Sends a GET request and reads the whole response.</summary>
    /// <returns>The status; null if the connection was refused, so that nothing was sent.</returns>
    /// <exception cref="IOException">The request was sent, but no complete response arrived.</exception>
    public async Task<int?> GetAsync(string path, CancellationToken cancellationToken)
    {
        if (_connection is null && !await TryConnectAsync(cancellationToken))
        {
            return null;
        }

        var stream = _connection!.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"), cancellationToken);
        var answer = new StringBuilder();
        var buffer = new byte[16 * 1024];
        while (!IsWhole(answer.ToString()))
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            answer.Append(read > 0
                ? Encoding.Latin1.GetString(buffer, 0, read)
                : throw new IOException($"{path}: closed after {answer.Length} bytes of the answer."));
        }

        var head = GetHead(answer.ToString());
        if (head.Contains("Connection: close", StringComparison.OrdinalIgnoreCase))
        {
            Dispose();
        }

        return int.Parse(head.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private static string GetHead(string answer) => answer[..(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 2)];

    private static bool IsWhole(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }

        var length = GetHead(answer).Split("\r\n")
            .FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return length is null
            ? answer.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal)
            : answer.Length - end - 4 >= int.Parse(length.Split(':')[1], CultureInfo.InvariantCulture);
    }

    private async Task<bool> TryConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new TcpClient { NoDelay = true };
        try
        {
            await connection.ConnectAsync("127.0.0.1", port, cancellationToken);
            _connection = connection;
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            connection.Dispose();
            return false;
        }
    }
}
