using Kasparro.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Npgsql;
using StackExchange.Redis;

namespace Kasparro.Tests.Unit.ServiceDefaults;

public sealed class ConnectionUriTests
{
    [Theory]
    [InlineData("postgresql://user:p%40ss%3Bword@db.example:6543/name", 6543)]
    [InlineData("postgres://user:p%40ss%3Bword@db.example/name", 5432)]
    public void Postgres_uri_becomes_what_Npgsql_reads(string uri, int port)
    {
        var parsed = new NpgsqlConnectionStringBuilder(ConnectionUris.Rewrite(uri));

        Assert.Equal(("db.example", port, "user", "p@ss;word", "name"), (parsed.Host, parsed.Port, parsed.Username, parsed.Password, parsed.Database));
    }

    [Fact]
    public void Postgres_uri_keeps_its_demand_for_tls()
    {
        Assert.Equal(SslMode.VerifyFull, new NpgsqlConnectionStringBuilder(ConnectionUris.Rewrite("postgresql://u:p@h/d?application_name=x&sslmode=verify-full")).SslMode);
    }

    [Theory]
    [InlineData("redis://:secret@cache:6380", "cache:6380", null, "secret", false)]
    [InlineData("rediss://user:secret@cache", "cache:6379", "user", "secret", true)]
    [InlineData("redis://cache:6379", "cache:6379", null, null, false)]
    public void Redis_uri_becomes_what_the_client_reads(string uri, string endpoint, string? user, string? password, bool isTls)
    {
        var parsed = ConfigurationOptions.Parse(ConnectionUris.Rewrite(uri)!);

        Assert.Equal(endpoint, parsed.EndPoints.Single().ToString()!.Replace("Unspecified/", "", StringComparison.Ordinal));
        Assert.Equal((user, password, isTls), (parsed.User, parsed.Password, parsed.Ssl));
    }

    [Theory]
    [InlineData("Host=localhost;Port=1;Username=postgres;Password=p://x;Database=d")]
    [InlineData("localhost:6379,password=x")]
    [InlineData("")]
    [InlineData(null)]
    public void Other_connection_strings_are_left_alone(string? text)
    {
        Assert.Null(ConnectionUris.Rewrite(text));
    }

    [Fact]
    public void Every_connection_string_of_the_configuration_is_rewritten()
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([new("ConnectionStrings:cache", "redis://:a@b"), new("ConnectionStrings:kasparro", "Host=h")]);

        ConnectionUris.Rewrite(configuration);

        Assert.Equal("b:6379,password=a", configuration.GetConnectionString("cache"));
        Assert.Equal("Host=h", configuration.GetConnectionString("kasparro"));
    }
}
