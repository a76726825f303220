using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Kasparro.Api.Health;

internal static class HealthEndpoints
{
    private const string Database = "database";
    private const string Schema = "schema";
    private const string Cache = "cache";
    private const string Etl = "etl";

    public static void AddApiHealth(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SourceAges>();
        Add<DatabaseHealthCheck>(Database, GracefulShutdownExtensions.ReadyTag);
        Add<SchemaHealthCheck>(Schema, GracefulShutdownExtensions.ReadyTag);
        Add<CacheHealthCheck>(Cache);
        Add<IngestionHealthCheck>(Etl);
        builder.Services.AddOptions<HealthCheckServiceOptions>().PostConfigure<IOptions<ApiOptions>>((health, options) =>
        {
            foreach (var check in health.Registrations)
            {
                check.Timeout = options.Value.HealthTimeout;
            }
        });

        void Add<T>(string name, params string[] tags)
            where T : class, IHealthCheck
        {
            builder.Services.AddSingleton<T>().AddSingleton<SharedHealthCheck<T>>();
            builder.Services.AddHealthChecks().AddCheck<SharedHealthCheck<T>>(name, tags: tags);
        }
    }

    public static void MapApiHealth(this WebApplication app) =>
        app.MapRead("/health", GetAsync)
            .WithName("GetHealth")
            .WithSummary("Show the health of the service")
            .WithDescription("200 while the catalogue can be served, also when degraded; 503 without the database.")
            .WithTags("Operation")
            .Produces(StatusCodes.Status200OK, HealthResponse.Example)
            .Produces(StatusCodes.Status503ServiceUnavailable, HealthResponse.UnhealthyExample)
            .ProducesProblems()
            .CheckParameters();

    private static async Task<JsonHttpResult<HealthResponse>> GetAsync(
        HttpContext context, HealthCheckService health, TimeProvider time, CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(check => check.Name is Database or Cache or Etl, cancellationToken);
        var database = report.Entries[Database].Status;
        var cache = report.Entries[Cache].Status;
        var etl = report.Entries[Etl].Status;
        var status = database == HealthStatus.Unhealthy ? HealthStatus.Unhealthy
            : cache == HealthStatus.Healthy && etl == HealthStatus.Healthy ? HealthStatus.Healthy
            : HealthStatus.Degraded;

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(
            new HealthResponse(Text(status), Text(database), Text(cache), Text(etl), time.GetUtcNow().UtcDateTime),
            statusCode: status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static string Text(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
