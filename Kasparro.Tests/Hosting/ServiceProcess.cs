using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace Kasparro.Tests.Hosting;

/// <summary>The API or the worker as a separate process, run as operators run it: with a public and an internal port.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Task _reading;

    private ServiceProcess(Process process, int port, int internalPort)
    {
        _process = process;
        Client = CreateClient(port);
        Internal = CreateClient(internalPort);
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>The client of the public port, which opens a connection for each concurrent request.</summary>
    public HttpClient Client { get; }

    public HttpClient Internal { get; }

    public int Id => _process.Id;

    /// <summary>Everything written so far to either output stream.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public bool HasExited => _process.HasExited;

    public static ServiceProcess StartApi(IReadOnlyDictionary<string, string?> settings) => Start("Kasparro.Api", settings);

    /// <summary>Starts a worker, without automatic backfills unless the settings ask for them, as tests do not expect them.</summary>
    public static ServiceProcess StartWorker(IReadOnlyDictionary<string, string?> settings) => Start(
        "Kasparro.Ingestion", new Dictionary<string, string?>(StringComparer.Ordinal) { ["Backfill:TopAssets"] = "0" }
            .Concat(settings).GroupBy(setting => setting.Key, StringComparer.Ordinal)
            .ToDictionary(setting => setting.Key, setting => setting.Last().Value, StringComparer.Ordinal));

    /// <summary>Waits until a route of the public port responds with this status.</summary>
    public Task AnswersAsync(string route, HttpStatusCode status, CancellationToken cancellationToken) => Eventually.TrueAsync(
        async () =>
        {
            Assert.False(_process.HasExited, Output);
            try
            {
                using var response = await Client.GetAsync(new Uri(route, UriKind.Relative), cancellationToken);
                return response.StatusCode == status;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException { InnerException: TimeoutException })
            {
                return false; // It does not listen, or has not responded in time.
            }
        },
        cancellationToken);

    public Task WritesAsync(string text, CancellationToken cancellationToken) => Eventually.TrueAsync(
        async () =>
        {
            if (_process.HasExited)
            {
                await _reading; // Its last lines may still have to be read.
                Assert.Contains(text, Output, StringComparison.Ordinal);
            }

            return Output.Contains(text, StringComparison.Ordinal);
        },
        cancellationToken);

    public Task SignalAsync(string signal, CancellationToken cancellationToken) => _process.SignalAsync(signal, cancellationToken);

    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        Client.Dispose();
        Internal.Dispose();
        _process.Dispose();
    }

    private static ServiceProcess Start(string project, IReadOnlyDictionary<string, string?> settings)
    {
        var (port, internalPort) = (FreePorts.Next(), FreePorts.Next());
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"{project}.dll")])
        {
            UseShellExecute = false,
            WorkingDirectory = RepositoryFiles.At(project), // For its appsettings.json; the tests' folder has only one for all.
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] =
                    string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port};http://127.0.0.1:{internalPort}"),
                ["Metrics__Port"] = internalPort.ToString(CultureInfo.InvariantCulture),
            },
        };
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return new(Process.Start(start)!, port, internalPort);
    }

    private static HttpClient CreateClient(int port) =>
        new()
        {
            BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")),
            Timeout = TimeSpan.FromSeconds(20)
        };

    private async Task ReadAsync(StreamReader stream)
    {
        while (await stream.ReadLineAsync() is { } line)
        {
            lock (_output)
            {
                _output.AppendLine(line);
            }
        }
    }
}
