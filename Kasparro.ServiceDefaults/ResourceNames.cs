namespace Kasparro.ServiceDefaults;

/// <summary>The names of the graph's resources, shared by the AppHost, the services (as connection names) and the tests.</summary>
public static class ResourceNames
{
    /// <summary>The PostgreSQL server.</summary>
    public const string Postgres = "postgres";

    /// <summary>The catalogue's database; also the services' connection name.</summary>
    public const string Catalogue = "kasparro";

    /// <summary>The Redis server: run lock, catalogue version, hot pages; also the services' connection name.</summary>
    public const string Cache = "cache";

    /// <summary>Applies the schema's migrations and exits.</summary>
    public const string Migrations = "migrations";

    /// <summary>The scheduled ingestion worker.</summary>
    public const string Ingestion = "ingestion";

    /// <summary>The HTTP API.</summary>
    public const string Api = "api";

    /// <summary>The API's internal endpoint, which serves the metrics; the public endpoint does not.</summary>
    public const string Internal = "internal";

    /// <summary>Simulated upstreams; only in run mode and on request.</summary>
    public const string Upstreams = "upstreams";
}
