using Kasparro.ServiceDefaults;

namespace Kasparro.Tests.Unit.ServiceDefaults;

public sealed class HealthProbeAddressTests
{
    [Theory]
    [InlineData(null, null, null, 8080)]
    [InlineData(null, null, "8081", 8081)]
    [InlineData(null, "9000;9001", "8081", 9000)]
    [InlineData("http://+:5000;http://+:5001", "9000", null, 5000)]
    [InlineData("http://localhost:41777/", null, null, 41777)]
    [InlineData("http://[::]:5000", null, null, 5000)]
    [InlineData("http://+", null, null, 80)]
    [InlineData("http://[::]/", null, null, 80)]
    [InlineData("http://0.0.0.0:5000", null, null, 5000)]
    [InlineData("http://[::1]:5000", null, null, 5000, "[::1]")]
    [InlineData("http://10.1.2.3:5000;http://+:80", null, null, 5000, "10.1.2.3")]
    public void Address_is_where_the_service_of_this_environment_listens(
        string? urls, string? ports, string? fallback, int expected, string host = "localhost")
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = urls,
            ["HTTP_PORTS"] = ports,
            ["ASPNETCORE_HTTP_PORTS"] = fallback,
        };

        Assert.Equal(new Uri($"http://{host}:{expected}/health"), HealthProbe.GetAddress(environment.GetValueOrDefault));
    }
}
