using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Kasparro.Benchmarks.Ingestion;

namespace Kasparro.Benchmarks.Storage;

/// <summary>
/// Generates both upstreams' responses over time, in their formats and with numbers of as many digits: all of CoinPaprika's tickers and
/// CoinGecko's markets change with each reading.
/// </summary>
internal static class LiveTraffic
{
    private const int PageSize = 250;

    /// <summary>Creates the responses at a time.</summary>
    /// <param name="tickers">The number of coins at CoinPaprika.</param>
    /// <param name="markets">The number of coins at CoinGecko; 0 if it is not read.</param>
    /// <param name="now">The time.</param>
    public static CannedUpstream Create(int tickers, int markets, DateTimeOffset now)
    {
        var random = new Random((int)(now.ToUnixTimeSeconds() / 60));
        return CannedUpstream.From(
            [.. Enumerable.Range(0, markets).Chunk(PageSize).Select(page => Render(page, (json, n) => WriteMarket(json, n, now, random)))],
            Render([.. Enumerable.Range(0, tickers)], (json, n) => WriteTicker(json, n, now, random)),
            Rates(now));
    }

    /// <summary>Creates as many changing rates as CoinGecko has currencies.</summary>
    private static byte[] Rates(DateTimeOffset now)
    {
        const int Currencies = 75;
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartObject("rates");
            for (var n = 0; n < Currencies; n++)
            {
                json.WriteStartObject(n == 0 ? "usd" : string.Create(CultureInfo.InvariantCulture, $"c{n:00}"));
                json.WriteString("name", string.Create(CultureInfo.InvariantCulture, $"Currency {n}"));
                json.WriteString("unit", "$");
                json.WriteNumber("value", Math.Round(60_000 * (n + 1) * (1 + (0.1 * Math.Sin(n + (now.ToUnixTimeSeconds() / 4e5)))), 3));
                json.WriteString("type", "fiat");
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static byte[] Render(int[] numbers, Action<Utf8JsonWriter, int> write)
    {
        var bytes = new ArrayBufferWriter<byte>((numbers.Length * 900) + 16);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            foreach (var n in numbers)
            {
                write(json, n);
            }

            json.WriteEndArray();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static string Id(int n) => string.Create(CultureInfo.InvariantCulture, $"coin-{(uint)n * 2_654_435_761:x8}");

    private static string Name(int n) => string.Create(CultureInfo.InvariantCulture, $"Coin {(uint)n * 2_654_435_761:X8} Token");

    private static string Symbol(int n) => string.Create(CultureInfo.InvariantCulture, $"C{n:X}");

    private static double Price(int n, DateTimeOffset now, Random random)
    {
        var wave = Math.Sin(n + (now.ToUnixTimeSeconds() / 4e5));
        return Math.Round((1 + (n * 7919 % 100_003)) * 0.37 * (1 + (0.2 * wave) + (0.004 * random.NextDouble())), 8);
    }

    private static double Percent(Random random) => Math.Round((random.NextDouble() - 0.5) * 40, 2);

    private static void WriteTicker(Utf8JsonWriter json, int n, DateTimeOffset now, Random random)
    {
        var price = Price(n, now, random);
        json.WriteStartObject();
        json.WriteString("id", Id(n));
        json.WriteString("name", Name(n));
        json.WriteString("symbol", Symbol(n));
        json.WriteNumber("rank", n + 1);
        json.WriteNumber("total_supply", 1_000_000 + (n * 8191 % 999_983));
        json.WriteNumber("max_supply", 21_000_000);
        json.WriteNumber("beta_value", Math.Round(random.NextDouble() * 2, 6));
        json.WriteString("first_data_at", "2010-07-17T00:00:00Z");
        var time = now.AddSeconds(-20 - random.Next(60));
        json.WriteString("last_updated", time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        json.WriteStartObject("quotes");
        json.WriteStartObject("USD");
        json.WriteNumber("price", price);
        json.WriteNumber("volume_24h", Math.Round(price * 4321 * (1 + random.NextDouble()), 6));
        json.WriteNumber("volume_24h_change_24h", Percent(random));
        json.WriteNumber("market_cap", Math.Round(price * 1e6));
        json.WriteNumber("market_cap_change_24h", Percent(random));
        foreach (var span in (ReadOnlySpan<string>)["15m", "30m", "1h", "6h", "12h", "24h", "7d", "30d", "1y"])
        {
            json.WriteNumber($"percent_change_{span}", Percent(random));
        }

        json.WriteNumber("ath_price", Math.Round(price * 7.5, 4));
        json.WriteString("ath_date", "2021-04-14T08:53:23Z");
        json.WriteNumber("percent_from_price_ath", Percent(random));
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMarket(Utf8JsonWriter json, int n, DateTimeOffset now, Random random)
    {
        var price = Price(n, now, random);
        var supply = 1e6 + (n * 8191 % 999_983);
        json.WriteStartObject();
        json.WriteString("id", Id(n));
        json.WriteString("symbol", Symbol(n).ToLowerInvariant());
        json.WriteString("name", Name(n));
        json.WriteString("image", $"https://coin-images.coingecko.com/coins/images/{n}/large/{Id(n)}.png?1696501400");
        json.WriteNumber("current_price", price);
        json.WriteNumber("market_cap", Math.Round(price * supply));
        json.WriteNumber("market_cap_rank", n + 1);
        json.WriteNumber("fully_diluted_valuation", Math.Round(price * supply * 1.1));
        json.WriteNumber("total_volume", Math.Round(price * 4321 * (1 + random.NextDouble()), 2));
        json.WriteNumber("high_24h", Math.Round(price * 1.02, 8));
        json.WriteNumber("low_24h", Math.Round(price * 0.98, 8));
        json.WriteNumber("price_change_24h", Math.Round(price * 0.01 * random.NextDouble(), 8));
        json.WriteNumber("price_change_percentage_24h", Math.Round((random.NextDouble() - 0.5) * 20, 5));
        json.WriteNumber("market_cap_change_24h", Math.Round(price * supply * 0.01 * random.NextDouble(), 4));
        json.WriteNumber("market_cap_change_percentage_24h", Math.Round((random.NextDouble() - 0.5) * 20, 5));
        json.WriteNumber("circulating_supply", supply);
        json.WriteNumber("total_supply", Math.Round(supply * 1.1));
        json.WriteNull("max_supply");
        json.WriteNumber("ath", Math.Round(price * 7.5, 4));
        json.WriteNumber("ath_change_percentage", Math.Round(-100 * random.NextDouble(), 5));
        json.WriteString("ath_date", "2021-11-10T14:24:11.849Z");
        json.WriteNumber("atl", Math.Round(price * 0.01, 8));
        json.WriteNumber("atl_change_percentage", Math.Round(9900 * random.NextDouble(), 5));
        json.WriteString("atl_date", "2013-07-06T00:00:00.000Z");
        json.WriteNull("roi");
        json.WriteString("last_updated", now.AddSeconds(-30 - random.Next(270)).AddMilliseconds(random.Next(1000)));
        json.WriteEndObject();
    }
}
