using System.Net;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// Where the dashboard is, where it and the resource service listen, and the secrets between them. They are in the AppHost's configuration
/// under Aspire's names, made up where it has none, so that whatever reads them there finds the ones that count.
/// </summary>
internal sealed record DashboardSettings(string Program, IConfiguration Configuration)
{
    private const string FrontendUrls = "ASPNETCORE_URLS";
    private const string TelemetryUrl = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";
    private const string ResourcesUrl = "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL";

    public string Frontend => Configuration[FrontendUrls]!;
    public string Telemetry => Configuration[TelemetryUrl]!;
    public string Resources => Configuration[ResourcesUrl]!;
    public string BrowserToken => Secret("AppHost:BrowserToken");
    public string TelemetryKey => Secret("AppHost:OtlpApiKey");
    public string ResourcesKey => Secret("AppHost:ResourceService:ApiKey");

    /// <summary>Settings for a graph that is run; where the dashboard is not installed, its path alone, and services export no telemetry.</summary>
    public static DashboardSettings? Configure(ConfigurationManager configuration, out string program)
    {
        program = configuration["DcpPublisher:DashboardPath"] ?? InstalledProgram;
        if (!File.Exists(program))
        {
            configuration[TelemetryUrl] = null;
            return null;
        }

        foreach (var url in (string[])[FrontendUrls, TelemetryUrl, ResourcesUrl])
        {
            configuration[url] = UrlOf(configuration.GetValue<bool>("DcpPublisher:RandomizePorts") ? null : configuration[url]);
        }

        return new(program, configuration);
    }

    /// <summary>Where <c>scripts/dashboard.sh</c> puts the dashboard of this Aspire version.</summary>
    private static string InstalledProgram => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "kasparro", "dashboard",
        typeof(DashboardSettings).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "aspireversion").Value!,
        "aspire-managed");

    // The first that is plain HTTP: there is no TLS in local hosting.
    private static string UrlOf(string? urls) => (urls ?? "").Split(';').FirstOrDefault(url => url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        is { } url ? $"http://{IPAddress.Loopback}:{new Uri(url).Port}" : $"http://{IPAddress.Loopback}:{Launches.FreePort()}";

    private string Secret(string key) => Configuration[key] ??= RandomNumberGenerator.GetHexString(32, lowercase: true);
}
