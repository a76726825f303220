using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Kasparro.AppHost.Servers;

/// <summary>The container engine of this machine, as Aspire's orchestrator finds it.</summary>
internal static class ContainerEngine
{
    private static readonly Lazy<bool> Runs = new(AskOrchestrator);

    /// <summary>
    /// Whether a container engine runs here; the setting <c>Kasparro:Containers</c> overrides it. A manifest has containers on any machine.
    /// </summary>
    public static bool HasContainerEngine(this IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsPublishMode || (builder.Configuration.GetValue<bool?>("Kasparro:Containers") ?? Runs.Value);

    private static bool AskOrchestrator()
    {
        var path = typeof(ContainerEngine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(data => data.Key == "dcpclipath").Value!;
        using var dcp = Process.Start(
            new ProcessStartInfo(
                path, ["info"])
            { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        dcp.BeginErrorReadLine();
        return JsonNode.Parse(dcp.StandardOutput.ReadToEnd())?["containers"]?["running"]?.GetValue<bool>() is true;
    }
}
