using System.Net;
using Kasparro.Ingestion.Logos;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kasparro.Tests.Unit.Ingestion.Logos;

public sealed class PublicAddressTests
{
    [Theory]
    [InlineData("104.16.80.34", true)]
    [InlineData("2606:4700::6810:5022", true)]
    [InlineData("::ffff:104.16.80.34", true)]
    [InlineData("64:ff9b::6810:5022", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("ff02::1", false)]
    public void Address_is_public_or_special(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicAddress.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public async Task Host_of_the_list_whose_name_leads_into_this_machine_is_refused()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Logos:Hosts", "localhost")]);
        builder.Services.AddLogos();
        using var host = builder.Build();
        var client = host.Services.GetRequiredService<LogoClient>();

        var refused = await Assert.ThrowsAsync<LogoRefusedException>(
            () => client.GetAsync("https://localhost/logo.png", Cancellation));

        Assert.Equal("localhost has no public address.", refused.Message);
    }
}
