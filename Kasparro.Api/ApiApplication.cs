using Kasparro.Api.Assets;
using Kasparro.Api.Backfills;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Changes;
using Kasparro.Api.CoinGeckoApi;
using Kasparro.Api.CoinPaprikaApi;
using Kasparro.Api.Docs;
using Kasparro.Api.Events;
using Kasparro.Api.Explorer;
using Kasparro.Api.Export;
using Kasparro.Api.Health;
using Kasparro.Api.History;
using Kasparro.Api.Http;
using Kasparro.Api.Identity;
using Kasparro.Api.Ingestions;
using Kasparro.Api.Mappings;
using Kasparro.Api.Quality;
using Kasparro.Api.Resolve;
using Kasparro.Api.Runs;
using Kasparro.Api.Stats;
using Kasparro.Api.TokenContracts;
using Kasparro.Api.TokenLists;
using Kasparro.Api.Vendors;
using Kasparro.Data;
using Kasparro.ServiceDefaults;
using Kasparro.ServiceDefaults.Settings;
using Kasparro.ServiceDefaults.Telemetry;

namespace Kasparro.Api;

/// <summary>The read API as one application: what <c>Program</c> runs and what the tests start on a free port.</summary>
internal static class ApiApplication
{
    // Applies to request bodies of operators' routes; /resolve has its own limit.
    private const long MaxRequestBytes = 64 * 1024;

    // Longer than any valid request, so that a request line that is too long still gets a response that says what is wrong with it.
    private const int MaxRequestLineBytes = 32 * 1024;

    /// <summary>Builds the application without starting it.</summary>
    /// <param name="args">Settings as <c>--Name=value</c>, which override those of the environment.</param>
    /// <param name="configure">Changes that a test makes before the container is built.</param>
    /// <exception cref="SettingsException">The settings are invalid.</exception>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        builder.AddGracefulShutdown();
        builder.AddOperatorKeys();

        // The API leaves no session state behind, and resetting it on each close would cost seven statements (measured: a tenth of a page).
        builder.AddPostgres<CatalogueContext>(
            ResourceNames.Catalogue, CatalogueContext.Configure, connection => connection.NoResetOnClose = true);
        builder.AddApiOptions();
        builder.AddJson();
        builder.AddData();
        builder.AddAssets();
        builder.AddHistory();
        builder.AddResolve();
        builder.AddMappings();
        builder.AddTokenContracts();
        builder.AddTokenLists();
        builder.AddChanges();
        builder.AddExport();
        builder.AddEvents();
        builder.AddIdentity();
        builder.AddStats();
        builder.AddRuns();
        builder.AddIngestions();
        builder.AddBackfills();
        builder.AddQuality();
        builder.AddVendors();
        builder.AddCoinGeckoApi();
        builder.AddCoinPaprikaApi();
        builder.AddApiHealth();
        builder.AddRateLimit();
        builder.AddCorsOrigins();
        builder.AddErrors();
        builder.AddDocs();

        // No response of the API contains secrets, so compression over TLS (BREACH) has nothing to leak.
        builder.Services.AddResponseCompression(compression => compression.EnableForHttps = true);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            kestrel.Limits.MaxRequestLineSize = MaxRequestLineBytes;
        });
        configure?.Invoke(builder);

        var app = builder.Build();
        app.CheckSettings();
        app.UseGracefulShutdown();
        app.UseMetricsEndpoint();
        app.UseKnownProxies();
        app.UseRequestIds();
        app.UseCorsOrigins(readByPost: ResolveEndpoints.Path);
        app.UseErrors();
        app.UseRateLimit();
        app.UseData();
        app.UseVendors();
        app.UseStatusProblems(); // Middleware that responds before this one writes its own problem documents.
        app.UseResponseCompression();
        app.UseRouting();
        app.UseOperatorKeys();
        app.UseParameterCheck();
        app.MapAlive();
        app.MapReady();
        app.MapData();
        app.MapAssets();
        app.MapHistory();
        app.MapResolve();
        app.MapMappings();
        app.MapTokenContracts();
        app.MapTokenLists();
        app.MapChanges();
        app.MapExport();
        app.MapEvents();
        app.MapIdentity();
        app.MapStats();
        app.MapRuns();
        app.MapIngestions();
        app.MapBackfills();
        app.MapQuality();
        app.MapCoinGeckoApi();
        app.MapCoinPaprikaApi();
        app.MapApiHealth();
        app.MapDocs();
        app.MapExplorer();
        return app;
    }
}
