using Kasparro.Ingestion.Logos;

namespace Kasparro.Tests.Integration.Simulator;

public sealed class LogoRouteTests
{
    [Fact]
    public async Task Each_URL_has_a_picture_of_its_own_which_is_the_same_every_time()
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "10");
        var pictures = new List<byte[]>();
        foreach (var coin in new[] { "bitcoin", "bitcoin", "ethereum" })
        {
            pictures.Add(await host.Client.GetByteArrayAsync(
                new Uri($"/logos/coin-images.coingecko.com/coins/images/1/large/{coin}.png?1696501400", UriKind.Relative),
                Cancellation));
        }

        Assert.All(pictures, picture => Assert.Equal("image/png", ImageType.Find(picture)));
        Assert.Equal(pictures[0], pictures[1]);
        Assert.NotEqual(pictures[0], pictures[2]);
    }
}
