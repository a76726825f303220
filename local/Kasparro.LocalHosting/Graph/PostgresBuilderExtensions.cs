using System.Data.Common;
using Npgsql;

namespace Aspire.Hosting.ApplicationModel
{
    public class PostgresServerResource : ContainerResource, IResourceWithConnectionString
    {
        internal const string UserName = "postgres";

        internal PostgresServerResource(string name, ParameterResource password) : base(name) =>
            (PasswordParameter, PrimaryEndpoint) = (password, new(this, "tcp"));

        public EndpointReference PrimaryEndpoint { get; }
        public ParameterResource PasswordParameter { get; set; }
        public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);
        public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);
        public ReferenceExpression ConnectionStringExpression =>
            ReferenceExpression.Create($"Host={Host};Port={Port};Username={UserName};Password={PasswordParameter}");

        IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() => Properties("");

        internal IEnumerable<KeyValuePair<string, ReferenceExpression>> Properties(string path) =>
        [
            new("Host", ReferenceExpression.Create($"{Host}")),
            new("Port", ReferenceExpression.Create($"{Port}")),
            new("Username", ReferenceExpression.Create($"{UserName}")),
            new("Password", ReferenceExpression.Create($"{PasswordParameter}")),
            new("Uri", ReferenceExpression.Create($"postgresql://{UserName}:{PasswordParameter:uri}@{Host}:{Port}{path}")),
            new("JdbcConnectionString", ReferenceExpression.Create($"jdbc:postgresql://{Host}:{Port}{path}")),
        ];
    }

    public class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource postgresParentResource)
        : Resource(name), IResourceWithConnectionString
    {
        public string DatabaseName { get; } = databaseName;
        public PostgresServerResource Parent { get; } = postgresParentResource;
        public ReferenceExpression ConnectionStringExpression =>
            ReferenceExpression.Create($"{Parent};{new DbConnectionStringBuilder { ["Database"] = DatabaseName }.ToString()}");

        IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
            Parent.Properties($"/{Uri.EscapeDataString(DatabaseName)}").Append(new("DatabaseName", ReferenceExpression.Create($"{DatabaseName}")));
    }
}

namespace Aspire.Hosting
{
    public static class PostgresBuilderExtensions
    {
        public static IResourceBuilder<PostgresServerResource> AddPostgres(
            this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? userName = null,
            IResourceBuilder<ParameterResource>? password = null, int? port = null)
        {
            var server = userName is null
                ? new PostgresServerResource(name, password?.Resource ?? builder.GeneratedPassword($"{name}-password", special: true))
                : throw new DistributedApplicationException($"{name}: local hosting knows no superuser but {PostgresServerResource.UserName}.");
            var added = builder.AddResource(server).Annotate(new EndpointAnnotation("tcp", "tcp", port, 5432))
                .Annotate(new ContainerImageAnnotation($"{ContainerImageAnnotation.Registry}/library/postgres:18.3"))
                .Annotate(new HealthCheckAnnotation($"{name}_check", cancellationToken => ExecuteAsync(server, ";Database=postgres", "SELECT 1", cancellationToken)));
            return builder.ExecutionContext.IsRunMode ? added : added.WithEnvironment(context =>
            {
                context.EnvironmentVariables["POSTGRES_HOST_AUTH_METHOD"] = "scram-sha-256";
                context.EnvironmentVariables["POSTGRES_INITDB_ARGS"] = "--auth-host=scram-sha-256 --auth-local=scram-sha-256";
                context.EnvironmentVariables["POSTGRES_USER"] = PostgresServerResource.UserName;
                context.EnvironmentVariables["POSTGRES_PASSWORD"] = server.PasswordParameter;
            });
        }

        public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
            this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
        {
            var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
            return builder.ApplicationBuilder.AddResource(database).Annotate(new WaitAnnotation(builder.Resource))
                .Annotate(new HealthCheckAnnotation($"{name}_check", cancellationToken => ExecuteAsync(database, "", "SELECT 1", cancellationToken)));
        }

        public static IResourceBuilder<PostgresServerResource> WithDataVolume(
            this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false)
        {
            if (name is null && builder.ApplicationBuilder.ExecutionContext.IsPublishMode)
            {
                throw new DistributedApplicationException($"{builder.Resource.Name}: local hosting does not make up a volume's name for a manifest.");
            }

            name ??= $"{builder.Resource.Name}-data";
            var volume = new DataVolumeAnnotation(
                name, "/var/lib/postgresql", isReadOnly, Workspace.VolumeFolder(builder.ApplicationBuilder.AppHostDirectory, name));
            builder.Resource.PasswordParameter.KeptIn = volume;
            return builder.Annotate(volume);
        }

        internal static async Task CreateAsync(this PostgresDatabaseResource database, CancellationToken cancellationToken)
        {
            try
            {
                var name = database.DatabaseName.Replace("\"", "\"\"", StringComparison.Ordinal);
                await ExecuteAsync(database.Parent, ";Database=postgres", $"CREATE DATABASE \"{name}\"", cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DuplicateDatabase)
            {
                // It is there from an earlier run: the volume keeps it.
            }
        }

        // Unpooled: an idle connection of the host's would keep the server from a quick stop.
        private static async Task ExecuteAsync(IResourceWithConnectionString target, string suffix, string sql, CancellationToken cancellationToken)
        {
            var connectionString = await target.GetConnectionStringAsync(cancellationToken).ConfigureAwait(false);
            await using var connection = new NpgsqlConnection($"{connectionString}{suffix};Pooling=false;Timeout=5");
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
