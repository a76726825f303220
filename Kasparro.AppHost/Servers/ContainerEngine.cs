using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kasparro.AppHost.Servers;

/// <summary>The container engine of this machine, as detected by Aspire's orchestrator.</summary>
internal static class ContainerEngine
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly Lazy<bool> Runs = new(() => AskOrchestrator(
        typeof(ContainerEngine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "dcpclipath").Value!,
        Limit));

    /// <summary>
    /// Whether a container engine is running; the setting <c>Kasparro:Containers</c> overrides it. A manifest always uses containers.
    /// </summary>
    public static bool HasContainerEngine(this IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsPublishMode || (builder.ReadSwitch("Kasparro:Containers") ?? Runs.Value);

    /// <summary>Asks the orchestrator; an engine that it does not report, or not within the limit, counts as missing.</summary>
    internal static bool AskOrchestrator(string dcp, TimeSpan limit)
    {
        using var info = Process.Start(new ProcessStartInfo(dcp, ["info"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        info.BeginErrorReadLine();
        var output = info.StandardOutput.ReadToEndAsync();
        if (!output.Wait(limit))
        {
            info.Kill(entireProcessTree: true);
            return false;
        }

        try
        {
            return JsonNode.Parse(output.Result)?["containers"]?["running"]?.GetValue<bool>() is true;
        }
        catch (JsonException)
        {
            return false; // It failed, and has printed the reason to standard error.
        }
    }
}
