using System.Diagnostics;

namespace Aspire.Hosting;

/// <summary>A command to run. <c>StopSignal</c> asks it to end; <c>Scratch</c> is a folder that must not outlive the host either.</summary>
internal sealed record Launch(string Command, IReadOnlyList<string> Arguments, string WorkingDirectory, string StopSignal = "TERM", string Scratch = "")
{
    /// <summary>What runs in the end: a command that changes the user stands before it.</summary>
    public string Program => Arguments.Prepend(Command).SkipWhile(word => word == DroppedUser.Command || word.StartsWith('-')).First();
}

/// <summary>
/// A child process that cannot outlive this one. A shell stands between the two: it runs the child in a session of its own and reads signal
/// names from a pipe whose other end only this process holds. When the pipe closes, because the host ended in whatever way (kill -9
/// included), the shell ends the child. PR_SET_PDEATHSIG would not do: it fires when the thread that started the child ends.
/// </summary>
internal sealed class ChildProcess : IRunning
{
    private const string Supervisor = """
        stop=$1 scratch=$2; shift 2
        exec 3<&0 </dev/null
        trap : HUP INT TERM
        # Without setsid and job control (a PATH that leads nowhere), the child has no group of its own.
        tell() { kill -s "$1" -- "-$child" || kill -s "$1" "$child"; }
        if command -v setsid >/dev/null; then setsid "$@" 3<&- & else set -m; "$@" 3<&- & set +m; fi
        child=$!
        (
          trap '' HUP INT TERM
          while read -r signal; do tell "$signal"; done
          trap '' USR1
          tell "$stop"; tries=0
          while kill -0 "$child" && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries+1)); done
          tell KILL
          [ -z "$scratch" ] || rm -rf "$scratch"
        ) <&3 3<&- >/dev/null 2>&1 &
        watch=$!
        exec 3<&-
        while wait $child 2>/dev/null; code=$?; kill -0 $child 2>/dev/null; do :; done
        kill -s KILL -- "-$child" 2>/dev/null
        kill -s USR1 $watch 2>/dev/null
        exit $code
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly Process _process;
    private readonly string _stopSignal;

    private ChildProcess(Process process, Launch launch) =>
        (_process, _stopSignal, Program, Exit) = (process, launch.StopSignal, launch.Program, WaitForExitAsync(process));

    public string Program { get; }

    /// <summary>The exit code; 128 and a signal's number where a signal ended it.</summary>
    public Task<int> Exit { get; }

    public static ChildProcess Start(Launch launch, IReadOnlyDictionary<string, string?> environment, Action<string, bool> onLine)
    {
        var process = new Process
        {
            StartInfo = new("/bin/sh", ["-c", Supervisor, "kasparro", launch.StopSignal, launch.Scratch, launch.Command, .. launch.Arguments])
            {
                WorkingDirectory = launch.WorkingDirectory,
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        foreach (var (name, value) in environment)
        {
            process.StartInfo.Environment[name] = value;
        }

        process.OutputDataReceived += (_, line) => Pass(line.Data, isError: false);
        process.ErrorDataReceived += (_, line) => Pass(line.Data, isError: true);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new(process, launch);

        void Pass(string? line, bool isError)
        {
            if (line is not null)
            {
                onLine(line, isError);
            }
        }
    }

    /// <summary>Asks it to end, insists after a while, and returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        Signal(_stopSignal);
        if (await Task.WhenAny(Exit, Task.Delay(Patience)).ConfigureAwait(false) != Exit)
        {
            Signal("KILL");
        }

        return await Exit.ConfigureAwait(false);
    }

    public void Dispose() => _process.Dispose();

    private void Signal(string name)
    {
        try
        {
            _process.StandardInput.WriteLine(name);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // The pipe is broken: the child has ended already.
        }
    }

    private static async Task<int> WaitForExitAsync(Process process)
    {
        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode;
    }
}
