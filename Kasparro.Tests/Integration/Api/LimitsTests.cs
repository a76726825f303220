using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;
using StackExchange.Redis;

namespace Kasparro.Tests.Integration.Api;

/// <summary>
/// What one client can take from others: memory in Redis, export slots, connections, and the rate limit of clients behind the same proxy.
/// </summary>
public sealed class LimitsTests(BackingServices services)
{
    [Fact]
    public async Task Redis_takes_no_more_than_the_budget_whatever_the_queries_are()
    {
        const int Budget = 50_000;
        await using var api = await StartAsync($"--Api:CachedPageBytes={Budget}");
        await api.ConnectedToCacheAsync(Cancellation);
        using var export = await api.Client.GetAsync(new Uri("/export", UriKind.Relative), Cancellation);
        var stamp = export.Headers.GetValues("X-Catalogue-Version").Single();
        for (var number = 0; number < 150; number++)
        {
            var symbols = string.Join("&symbol=", Enumerable.Range(0, 100).Select(index => $"{number}x{index}".PadLeft(200, 'Q')));
            using var response = await api.Client.GetAsync(new Uri($"/data?symbol={symbols}", UriKind.Relative), Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await using var redis = await ConnectionMultiplexer.ConnectAsync(api.Redis);
        var (keys, bytes) = (0, 0L);
        await foreach (var key in redis.GetServers()[0].KeysAsync(pattern: $"*{stamp}*"))
        {
            keys++;
            bytes += (long)await redis.GetDatabase().ExecuteAsync("MEMORY", "USAGE", key.ToString()) is var size ? size : 0;
        }

        Assert.InRange(keys, 1, 149);
        Assert.InRange(bytes, 1, Budget * 2);
    }

    [Fact]
    public async Task Pages_with_cursors_of_another_signing_key_are_not_served()
    {
        await using var first = await StartAsync();
        await first.ConnectedToCacheAsync(Cancellation);
        var before = (string)(await first.GetAsync("/data?page_size=1", Cancellation))["next"]!;
        await CatalogueSeed.ExecuteAsync(
            first.Catalogue, "UPDATE catalogue_state SET cursor_key = uuid_send(gen_random_uuid())", Cancellation);

        await using var second = await first.StartReplicaAsync(Cancellation);
        var page = await second.GetAsync("/data?page_size=1", Cancellation);
        var next = await second.GetAsync((string)page["next"]!, Cancellation);

        Assert.True(next.ContainsKey("data"), next.ToJsonString());
        var renewed = before;
        await Eventually.TrueAsync(
            async () => (renewed = (string)(await first.GetAsync("/data?page_size=1", Cancellation))["next"]!) != before, Cancellation);
        Assert.True((await first.GetAsync(renewed, Cancellation)).ContainsKey("data"), renewed);
    }

    [Fact]
    public async Task Signing_key_is_random_and_the_catalogues_own()
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var database = 0; database < 2; database++)
        {
            await using var catalogue = NpgsqlDataSource.Create(await services.CreateDatabaseAsync(Cancellation));
            keys.Add(await catalogue.ScalarAsync<string>("SELECT encode(cursor_key, 'hex') FROM catalogue_state", Cancellation));
        }

        Assert.All(keys, key => Assert.Equal(64, key.Length));
    }

    [Fact]
    public async Task Slow_readers_do_not_keep_the_places_of_exports()
    {
        await using var api = await StartAsync("--Api:ExportTimeout=00:00:02", "--Api:DatabaseTimeout=00:00:01",
            "--Api:ConcurrentExportsPerClient=4");
        await FillAsync(api);
        var readers = new List<Socket>();
        try
        {
            for (var reader = 0; reader < 4; reader++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
                readers.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, api.Client.BaseAddress!.Port, Cancellation);
                await socket.SendAsync(Encoding.ASCII.GetBytes("GET /export HTTP/1.1\r\nHost: x\r\n\r\n"), Cancellation);
                Assert.True(await socket.ReceiveAsync(new byte[512], Cancellation) > 0);
            }

            await Eventually.TrueAsync(
                async () =>
                {
                    using var response = await api.Client.GetAsync(new Uri("/export?symbol=none", UriKind.Relative), Cancellation);
                    return response.IsSuccessStatusCode;
                },
                Cancellation);
            await Eventually.TrueAsync(
                () => Task.FromResult(api.Logs.GetSnapshot()
                    .Count(entry => entry.Message.StartsWith("An export as csv broke off", StringComparison.Ordinal)) == 4), Cancellation);
        }
        finally
        {
            readers.ForEach(reader => reader.Dispose());
        }
    }

    [Fact]
    public async Task One_client_leaves_places_of_exports_to_others_and_is_known_behind_a_known_proxy()
    {
        await using var api = await StartAsync("--Api:KnownProxies=127.0.0.1, ::1", "--Api:ConcurrentExportsPerClient=1",
            "--Api:DatabaseTimeout=00:00:00.5");
        await FillAsync(api);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync(IPAddress.Loopback, api.Client.BaseAddress!.Port, Cancellation);
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /export HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n"),
            Cancellation);
        Assert.True(await socket.ReceiveAsync(new byte[512], Cancellation) > 0);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(api, "/export?symbol=none", "203.0.113.7"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, "/export?symbol=none", "203.0.113.8"));
    }

    [Theory]
    [InlineData("127.0.0.0/8,::1", HttpStatusCode.OK)]
    [InlineData("10.0.0.0/8", HttpStatusCode.TooManyRequests)]
    [InlineData("", HttpStatusCode.TooManyRequests)]
    public async Task Limit_is_the_clients_own_behind_a_proxy_that_is_known(string proxies, HttpStatusCode other)
    {
        await using var api = await StartAsync(
            $"--Api:KnownProxies={proxies}", "--Api:RateLimit:Requests=1", "--Api:RateLimit:Window=01:00:00",
                "--Api:RateLimit:SharingInterval=00:01:00");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, "/data", "203.0.113.7"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(api, "/data", "203.0.113.7"));
        Assert.Equal(other, await StatusAsync(api, "/data", "203.0.113.8"));

        // What the client itself prepends is not trusted.
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(api, "/data", "198.51.100.1, 203.0.113.7"));
    }

    [Fact]
    public async Task Cursors_lead_through_rows_with_the_longest_names_once_each()
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation);
        var rows = Enumerable.Range(1, 12)
            .Select(number => CatalogueSeed.Asset(number, "A", 1, name: $"{new string('名', 500)}{number % 3}𝛼𝛼𝛼𝛼𝛼"))
            .ToList();
        await api.KnowsAsync(await CatalogueSeed.CommitAsync(api.Catalogue, rows, Cancellation), Cancellation);
        foreach (var sort in new[] { "name", "-name" })
        {
            var seen = new List<string>();
            for (var next = $"/data?sort={sort}&page_size=1"; next is not null;)
            {
                var page = await api.GetAsync(next, Cancellation);
                seen.Add((string)page["data"]!.AsArray().Single()!["asset_id"]!);
                next = (string?)page["next"];
                Assert.InRange(seen.Count, 1, 12);
            }

            Assert.Equal(12, seen.Distinct(StringComparer.Ordinal).Count());
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(ApiHarness api, string path, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-Forwarded-For", forwardedFor } } };
        using var response = await api.Client.SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    // About ten megabytes as CSV: more than the socket buffers of a connection hold.
    private static Task FillAsync(ApiHarness api) => CatalogueSeed.ExecuteAsync(
        api.Catalogue,
        """
        INSERT INTO assets (asset_id, symbol, symbol_key, name, source, is_active, price_usd, updated_at)
        SELECT gen_random_uuid(), 'FILL', 'FILL', repeat('a name that fills ', 10) || n, 'coingecko', true, n, now()
        FROM generate_series(1, 40000) AS n
        """,
        Cancellation);

    private async Task<ApiHarness> StartAsync(params string[] settings)
    {
        var api = await ApiHarness.StartAsync(services, Cancellation, settings);
        var version = await CatalogueSeed.CommitAsync(api.Catalogue, [CatalogueSeed.Asset(1, "A", 3), CatalogueSeed.Asset(2, "B", 2)],
            Cancellation);
        await api.KnowsAsync(version, Cancellation);
        return api;
    }
}
