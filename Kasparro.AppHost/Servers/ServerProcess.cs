namespace Kasparro.AppHost.Servers;

/// <summary>
/// The process that runs instead of a container. It shares the container's annotations, so that all configuration of the server (health
/// checks, environment, commands, dependencies) applies to it, and it is started by Aspire's orchestrator, which selects resources by type.
/// </summary>
/// <param name="server">The server that would run as a container.</param>
internal sealed class ServerProcess(IResourceWithConnectionString server)
    : ExecutableResource(server.Name, "bash", "/"), IResourceWithConnectionString
{
    public override ResourceAnnotationCollection Annotations => server.Annotations;

    public ReferenceExpression ConnectionStringExpression => server.ConnectionStringExpression;

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        server.GetConnectionProperties();
}
