namespace Kasparro.AppHost.Servers;

/// <summary>
/// The process that runs in place of a container. It shares the container's annotations, so everything that the graph says of the server
/// (health checks, environment, commands, what waits for what) applies to it, and Aspire's orchestrator, which picks what it starts by
/// type, starts it.
/// </summary>
/// <param name="server">The server that the container would be.</param>
internal sealed class ServerProcess(IResourceWithConnectionString server)
    : ExecutableResource(server.Name, "bash", "/"), IResourceWithConnectionString
{
    public override ResourceAnnotationCollection Annotations => server.Annotations;

    public ReferenceExpression ConnectionStringExpression => server.ConnectionStringExpression;

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        server.GetConnectionProperties();
}
