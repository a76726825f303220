using StackExchange.Redis;

namespace Aspire.Hosting.ApplicationModel
{
    public class RedisResource : ContainerResource, IResourceWithConnectionString
    {
        internal RedisResource(string name, ParameterResource password) : base(name) => (Password, PrimaryEndpoint) = (password, new(this, "tcp"));

        public EndpointReference PrimaryEndpoint { get; }
        public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);
        public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);
        public ReferenceExpression ConnectionStringExpression
        {
            get
            {
                var tls = PrimaryEndpoint.GetTlsValue(enabledValue: ReferenceExpression.Create($",ssl=true"), disabledValue: ReferenceExpression.Empty);
                return ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},password={Password}{tls}");
            }
        }

        internal ParameterResource Password { get; }

        IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        [
            new("Host", ReferenceExpression.Create($"{Host}")),
            new("Port", ReferenceExpression.Create($"{Port}")),
            new("Password", ReferenceExpression.Create($"{Password}")),
            new("Uri", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Scheme)}://:{Password:uri}@{Host}:{Port}")),
        ];
    }
}

namespace Aspire.Hosting
{
    public static class RedisBuilderExtensions
    {
        public static IResourceBuilder<RedisResource> AddRedis(
            this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
        {
            // StackExchange.Redis cannot parse a password with a comma in it.
            var redis = new RedisResource(name, password?.Resource ?? builder.GeneratedPassword($"{name}-password", special: false));
            var added = builder.AddResource(redis).Annotate(new EndpointAnnotation("tcp", "redis", port, 6379))
                .Annotate(new ContainerImageAnnotation($"{ContainerImageAnnotation.Registry}/library/redis:8.6", Entrypoint: "/bin/sh"))
                .Annotate(new HealthCheckAnnotation($"{name}_check", async cancellationToken =>
                {
                    var connectionString = await redis.ConnectionStringExpression.GetValueAsync(cancellationToken).ConfigureAwait(false);
                    await using var connection = await ConnectionMultiplexer.ConnectAsync($"{connectionString},connectTimeout=2000").ConfigureAwait(false);
                    await connection.GetDatabase().PingAsync().ConfigureAwait(false);
                }));
            return builder.ExecutionContext.IsRunMode ? added : added
                .WithEnvironment(context => context.EnvironmentVariables["REDIS_PASSWORD"] = redis.Password)
                .WithArgs("-c", "redis-server --requirepass $REDIS_PASSWORD");
        }
    }
}
