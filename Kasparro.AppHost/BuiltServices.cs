#pragma warning disable ASPIREEXTENSION001 // WithLaunchToolArgs is experimental.
using System.Reflection;

namespace Kasparro.AppHost;

/// <summary>Configures how the services of this solution are started.</summary>
internal static class BuiltServices
{
    /// <summary>
    /// Starts services from the output of the AppHost's own build, not with <c>dotnet run</c>, which would evaluate each project again: a
    /// second of CPU time per service and start (docs/adr/0001). An IDE and <c>dotnet watch</c> start services in their own ways.
    /// </summary>
    public static void RunServicesAsBuilt(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode || builder.Configuration["DEBUG_SESSION_PORT"] is { Length: > 0 }
            || builder.Configuration["DOTNET_WATCH"] is { Length: > 0 })
        {
            return;
        }

        var configuration = typeof(BuiltServices).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var framework = $"net{Environment.Version.ToString(2)}";
        foreach (var service in builder.Resources.OfType<ProjectResource>().ToList())
        {
            var project = service.GetProjectMetadata().ProjectPath;
            var assembly = Path.Combine(
                Path.GetDirectoryName(project)!, "bin", configuration, framework, $"{Path.GetFileNameWithoutExtension(project)}.dll");
            if (File.Exists(assembly))
            {
                builder.CreateResourceBuilder(service)
                    .WithLaunchToolArgs(invocation => invocation.Args.Add(assembly), showInCommandLine: false);
            }
        }
    }
}
