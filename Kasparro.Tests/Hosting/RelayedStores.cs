using System.Globalization;
using Npgsql;

namespace Kasparro.Tests.Hosting;

/// <summary>Relays in front of PostgreSQL and Redis that a test can cut and stall.</summary>
internal sealed class RelayedStores : IAsyncDisposable
{
    private RelayedStores(TcpRelay postgres, TcpRelay redis, IReadOnlyDictionary<string, string?> settings)
    {
        Postgres = postgres;
        Redis = redis;
        Settings = settings;
    }

    public TcpRelay Postgres { get; }

    public TcpRelay Redis { get; }

    /// <summary>The settings of a process that connects to both stores through the relays.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; }

    public static RelayedStores Create(IReadOnlyDictionary<string, string?> settings)
    {
        var catalogue = new NpgsqlConnectionStringBuilder(settings["ConnectionStrings:kasparro"]);
        var postgres = new TcpRelay(catalogue.Host!, catalogue.Port);
        (catalogue.Host, catalogue.Port) = ("127.0.0.1", postgres.Port);
        var cache = settings["ConnectionStrings:cache"]!;
        var endpoint = cache.Split(',')[0];
        var redis = new TcpRelay(endpoint.Split(':')[0], int.Parse(endpoint.Split(':')[1], CultureInfo.InvariantCulture));
        return new(postgres, redis, new Dictionary<string, string?>(settings, StringComparer.Ordinal)
        {
            ["ConnectionStrings:kasparro"] = catalogue.ConnectionString,
            ["ConnectionStrings:cache"] =
                cache.Replace(endpoint, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{redis.Port}"), StringComparison.Ordinal),
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
