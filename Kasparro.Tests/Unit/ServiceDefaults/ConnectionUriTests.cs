using Kasparro.ServiceDefaults.Postgres;
using Kasparro.ServiceDefaults.Redis;
using Kasparro.ServiceDefaults.Settings;
using Npgsql;
using StackExchange.Redis;

namespace Kasparro.Tests.Unit.ServiceDefaults;

public sealed class ConnectionUriTests
{
    [Theory]
    [InlineData("postgresql://user:p%40ss%3Bword@db.example:6543/name", 6543)]
    [InlineData("POSTGRES://user:p%40ss%3Bword@db.example/name", 5432)]
    [InlineData("postgresql://user:p%40ss;word@db.example:/name/ \n", 5432)]
    public void Postgres_url_becomes_what_Npgsql_reads(string uri, int port)
    {
        var parsed = new NpgsqlConnectionStringBuilder(PostgresUri.ToConnectionString(uri));

        Assert.Equal(("db.example", port, "user", "p@ss;word", "name"),
            (parsed.Host, parsed.Port, parsed.Username, parsed.Password, parsed.Database));
    }

    [Fact]
    public void Postgres_url_leaves_out_what_it_does_not_name()
    {
        var parsed = new NpgsqlConnectionStringBuilder(PostgresUri.ToConnectionString("postgresql://db.example"));

        Assert.Equal(("db.example", null, null, null), (parsed.Host, parsed.Username, parsed.Password, parsed.Database));
    }

    [Theory]
    [InlineData("postgresql://u:p@[2001:db8::1]:5433/d", "2001:db8::1")]
    [InlineData("postgresql://u:p@%2Fvar%2Frun%2Fpostgresql/d", "/var/run/postgresql")]
    public void Postgres_url_may_name_an_address_or_a_socket(string uri, string host)
    {
        Assert.Equal(host, new NpgsqlConnectionStringBuilder(PostgresUri.ToConnectionString(uri)).Host);
    }

    [Fact]
    public void Postgres_url_keeps_the_parameters_that_Npgsql_has_too()
    {
        var parsed = new NpgsqlConnectionStringBuilder(PostgresUri.ToConnectionString(
            "postgresql://u:p@h/d?application_name=x%20y&sslmode=verify-full&connect_timeout=7"
                + "&channel_binding=require&options=-c%20statement_timeout%3D5s"));

        Assert.Equal((SslMode.VerifyFull, "x y", 7, ChannelBinding.Require),
            (parsed.SslMode, parsed.ApplicationName, parsed.Timeout, parsed.ChannelBinding));
        Assert.Equal("-c statement_timeout=5s", parsed.Options);
    }

    [Theory]
    [InlineData("postgresql://u:p@db1.example:5432,db2.example:5432/kasparro?target_session_attrs=read-write")]
    [InlineData("postgresql://u:p@db1.example,db2.example/kasparro")]
    [InlineData("postgresql://u:p@db.example/kasparro?target_session_attrs=read-write")]
    [InlineData("postgresql://u:p@db.example/kasparro?sslmode=no-verify")]
    [InlineData("postgresql://u:p@db.example/kasparro?sslmode=1")]
    [InlineData("postgresql://u:p@db.example/kasparro?sslmode")]
    [InlineData("postgresql://u:p@db.example/kasparro?sslmode=disable&sslmode=require")]
    [InlineData("postgresql://u:p@db.example/kasparro?connect_timeout=soon")]
    [InlineData("postgresql://u:p@/kasparro?host=/var/run/postgresql")]
    [InlineData("postgresql://u:p@db.example/kasparro?host=/var/run/postgresql")]
    [InlineData("postgresql://u:p@db.example/kasparro?sslmode=verify-full&sslrootcert=/ca.pem&options=endpoint%3Dx")]
    [InlineData("postgresql://u:p@db.example/kasparro?pgbouncer=true")]
    [InlineData("postgresql://u:p@db.example/kasparro/other")]
    [InlineData("postgresql://u:p@db.example:70000/kasparro")]
    [InlineData("postgresql://u:p@db.example:five/kasparro")]
    [InlineData("postgresql://u:p%zz@db.example/kasparro")]
    [InlineData("postgresql://u:p%ff@db.example/kasparro")]
    [InlineData("postgresql://u:p%00@db.example/kasparro")]
    [InlineData("postgresql://u:p/q@db.example/kasparro")]
    [InlineData("postgresql://u:12/34@db.example/kasparro")]
    [InlineData("postgresql://u:p@q@db.example/kasparro")]
    [InlineData("postgresql://u:p#q@db.example/kasparro")]
    [InlineData("postgresql+asyncpg://u:p@db.example/kasparro")]
    [InlineData("mysql://u:p@db.example/kasparro")]
    public void Postgres_url_that_cannot_be_honoured_is_refused(string uri)
    {
        Assert.Throws<ConnectionUriException>(() => PostgresUri.ToConnectionString(uri));
    }

    [Theory]
    [InlineData("redis://:secret@cache:6380", "cache:6380", null, "secret", false, null)]
    [InlineData("rediss://user:secret@cache", "cache:6379", "user", "secret", true, null)]
    [InlineData("redis://cache:6379", "cache:6379", null, null, false, null)]
    [InlineData("redis://default:pa%2Css%3Dword@cache.example:6380", "cache.example:6380", "default", "pa,ss=word", false, null)]
    [InlineData("redis://default:pa,ss=word@cache.example:6380", "cache.example:6380", "default", "pa,ss=word", false, null)]
    [InlineData("redis://:p%25a%20b%C3%A9@cache/", "cache:6379", null, "p%a bé", false, null)]
    [InlineData("rediss://default:secret@cache.example:6380/2", "cache.example:6380", "default", "secret", true, 2)]
    [InlineData("redis://cache.example/2/", "cache.example:6379", null, null, false, 2)]
    [InlineData("redis://cache.example?db=3", "cache.example:6379", null, null, false, 3)]
    [InlineData("REDIS://[::1]:6380/0", "[::1]:6380", null, null, false, 0)]
    public void Redis_url_becomes_what_the_client_reads(
        string uri, string endpoint, string? user, string? password, bool isTls, int? database)
    {
        var parsed = Read(uri);

        Assert.Equal(endpoint, parsed.EndPoints.Single().ToString()!.Replace("Unspecified/", "", StringComparison.Ordinal));
        Assert.Equal((user, password, isTls, database), (parsed.User, parsed.Password, parsed.Ssl, parsed.DefaultDatabase));
    }

    [Fact]
    public void Redis_url_keeps_the_parameters_that_the_client_has()
    {
        var parsed = Read("redis://cache.example:6379/1?protocol=3&connectTimeout=1234");

        Assert.Equal((1, RedisProtocol.Resp3, 1234), (parsed.DefaultDatabase, parsed.Protocol, parsed.ConnectTimeout));
    }

    [Theory]
    [InlineData("redis://cache/two")]
    [InlineData("redis://cache/-1")]
    [InlineData("redis://cache/1/2")]
    [InlineData("redis://cache/1?db=2")]
    [InlineData("redis://cache?ssl_cert_reqs=none")]
    [InlineData("redis://cache?protocol=9")]
    [InlineData("redis://cache?connectTimeout=soon")]
    [InlineData("redis://cache?password=x")]
    [InlineData("redis://cache?connectTimeout=1,other:6379")]
    [InlineData("redis://a:6379,b:6379/0")]
    [InlineData("redis://:pa/ss@cache:6379")]
    [InlineData("redis://:pa#ss@cache:6379")]
    [InlineData("redis:///0")]
    [InlineData("redis://cache:6379#fragment")]
    [InlineData("unix:///run/redis.sock")]
    [InlineData("valkey+tls://cache")]
    [InlineData("cache:6379,password=pa,ss")]
    public void Redis_connection_string_that_cannot_be_honoured_is_refused(string uri)
    {
        Assert.Throws<ConnectionUriException>(() => RedisConnectionString.Parse(uri));
    }

    [Theory]
    [InlineData("postgresql://user:hunter2@h:hunter3/hunter4?sslmode=hunter5&hunter=hunter6")]
    [InlineData("postgresql://user:hunter2@h/d?sslmode=hunter3")]
    [InlineData("postgresql://user:hunter2@h/d?connect_timeout=hunter3")]
    public void Refusal_shows_no_value(string uri)
    {
        var refusal = Assert.Throws<ConnectionUriException>(() => PostgresUri.ToConnectionString(uri));

        Assert.DoesNotMatch("hunter[0-9]", refusal.Message);
    }

    [Theory]
    [InlineData("Host=localhost;Port=1;Username=postgres;Password=p://x;Database=d")]
    [InlineData("")]
    public void Npgsqls_own_connection_strings_are_left_alone(string text)
    {
        Assert.Equal(text, PostgresUri.ToConnectionString(text));
    }

    [Theory]
    [InlineData("localhost:6379,password=x=y,ssl=true")]
    [InlineData("a:6379,b:6379,password=p://x")]
    public void Redis_clients_own_connection_strings_are_left_alone(string text)
    {
        Assert.Equal(new(text, User: null, Password: null), RedisConnectionString.Parse(text));
    }

    private static ConfigurationOptions Read(string uri)
    {
        var connection = RedisConnectionString.Parse(uri);
        var options = ConfigurationOptions.Parse(connection.Text);
        connection.ApplyTo(options);
        return options;
    }
}
