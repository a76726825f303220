using Aspire.Hosting.ApplicationModel;
using StackExchange.Redis;

namespace Aspire.Hosting.ApplicationModel
{
    public class RedisResource : ContainerResource, IResourceWithConnectionString
    {
        internal RedisResource(string name, ParameterResource password) : base(name)
        {
            PasswordParameter = password;
            PrimaryEndpoint = new(this, "tcp");
        }

        public EndpointReference PrimaryEndpoint { get; }

        public ParameterResource? PasswordParameter { get; }

        public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

        public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

        public ReferenceExpression ConnectionStringExpression =>
            ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},password={PasswordParameter!}");

        IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        [
            new("Host", ReferenceExpression.Create($"{Host}")),
            new("Port", ReferenceExpression.Create($"{Port}")),
            new("Password", ReferenceExpression.Create($"{PasswordParameter!}")),
            new("Uri", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Scheme)}://:{PasswordParameter!:uri}@{Host}:{Port}")),
        ];
    }
}

namespace Aspire.Hosting
{
    public static class RedisBuilderExtensions
    {
        public static IResourceBuilder<RedisResource> AddRedis(
            this IDistributedApplicationBuilder builder,
            string name,
            int? port = null,
            IResourceBuilder<ParameterResource>? password = null)
        {
            // StackExchange.Redis cannot parse a password with a comma in it.
            var redis = new RedisResource(name, password?.Resource ?? builder.GeneratedPassword($"{name}-password", special: false));
            return builder.AddResource(redis)
                .Annotate(new EndpointAnnotation("tcp", "redis", port, 6379))
                .WithHealthCheck($"{name}_check", async cancellationToken =>
                {
                    var connectionString = await redis.ConnectionStringExpression.GetValueAsync(cancellationToken).ConfigureAwait(false);
                    var connection = await ConnectionMultiplexer.ConnectAsync($"{connectionString},connectTimeout=2000").ConfigureAwait(false);
                    await using (connection.ConfigureAwait(false))
                    {
                        await connection.GetDatabase().PingAsync().ConfigureAwait(false);
                    }
                });
        }
    }
}
