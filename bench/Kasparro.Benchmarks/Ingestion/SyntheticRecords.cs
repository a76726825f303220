using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Kasparro.Benchmarks.Ingestion;

/// <summary>
/// Generates records in both upstreams' formats, with all fields and realistic sizes (about 800 and 700 bytes), the same in every process.
/// Names are unique; a third of the records share their symbol with one or two others, and a sixth also the beginning of the name.
/// (Recorded in 2023: 30 % of CoinGecko's records share the symbol and 12 % both, 47 % and 24 % of CoinPaprika's.)
/// </summary>
/// <param name="seed">The seed of all values; two seeds share no ids.</param>
internal sealed class SyntheticRecords(int seed)
{
    // In the last full hour, like upstreams' quotes, so that they become hourly candles and not only daily ones.
    private static readonly DateTimeOffset Quoted = new(DateTime.UtcNow.Date.AddHours(DateTime.UtcNow.Hour - 1), TimeSpan.Zero);

    /// <summary>In a reading with changes, one record in this many has changed, that is, 1 %.</summary>
    public const int ChangedEvery = 100;

    /// <summary>The range of the numbers of shared symbols, of which every third is used.</summary>
    private const int SharedSymbols = 36_000;

    /// <summary>Renders one page of CoinGecko's markets: a JSON array of the records from <paramref name="first"/> on.</summary>
    public byte[] Markets(int first, int count, bool changed) => Render(first, count, changed, WriteMarket);

    /// <summary>Renders CoinPaprika's single response with all tickers.</summary>
    public byte[] Tickers(int count, bool changed) => Render(0, count, changed, WriteTicker);

    /// <summary>Writes a CSV file with the header of the repository's sample.</summary>
    public async Task WriteCsvAsync(string path, int rows, CancellationToken cancellationToken)
    {
        await using var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 20);
        await file.WriteLineAsync("id,symbol,name,price_usd,market_cap,volume_24h,rank".AsMemory(), cancellationToken);
        for (var n = 0; n < rows; n++)
        {
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{Id(n)},{Symbol(n)},\"{Name(n)}\",{Price(n, changed: false):R},"
                    + $"{Price(n, changed: false) * 1e6:R},{(n % 9973) * 1234.5:R},{n + 1}");
            await file.WriteLineAsync(line.AsMemory(), cancellationToken);
        }
    }

    private static byte[] Render(int first, int count, bool changed, Action<Utf8JsonWriter, int, bool> write)
    {
        var bytes = new ArrayBufferWriter<byte>(count * 900 + 16);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            for (var n = first; n < first + count; n++)
            {
                write(json, n, changed && n % ChangedEvery == 0);
            }

            json.WriteEndArray();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private string Id(int n) => string.Create(CultureInfo.InvariantCulture, $"asset-{seed}-{n * 7919L % 9_999_991}");

    private string Symbol(
        int n) => string.Create(CultureInfo.InvariantCulture, $"S{(n % 3 == 0 ? n % SharedSymbols : n):X}{(n % 3 == 0 ? "" : seed)}");

    private string Name(
        int n) => string.Create(CultureInfo.InvariantCulture, $"{Word(n % 6 == 0 ? n % SharedSymbols : n)} {n} of the {seed}th kind");

    /// <summary>Generates a word of six letters in syllables, about as many letters as real names begin with.</summary>
    private static string Word(int n)
    {
        const string Consonants = "bcdfghjklmnprstvwxz";
        const string Vowels = "aeiou";
        var mixed = (uint)n * 2_654_435_761;
        return string.Create(6, mixed, static (word, bits) =>
        {
            for (var i = 0; i < word.Length; i++)
            {
                var letters = i % 2 == 0 ? Consonants : Vowels;
                word[i] = letters[(int)(bits % (uint)letters.Length)];
                bits /= (uint)letters.Length;
            }

            word[0] = char.ToUpperInvariant(word[0]);
        });
    }

    private static double Price(int n, bool changed) => ((n * 104729L % 1_000_003) + 1) * 1.0000123e-3 * (changed ? 1.01 : 1);

    private void WriteMarket(Utf8JsonWriter json, int n, bool changed)
    {
        var price = Price(n, changed);
        var supply = 1e6 + (n % 8191);
        json.WriteStartObject();
        json.WriteString("id", Id(n));
        json.WriteString("symbol", Symbol(n).ToLowerInvariant());
        json.WriteString("name", Name(n));
        json.WriteString("image", $"https://coin-images.coingecko.com/coins/images/{n}/large/{Id(n)}.png?1696501400");
        json.WriteNumber("current_price", price);
        json.WriteNumber("market_cap", price * supply);
        json.WriteNumber("market_cap_rank", n + 1);
        json.WriteNumber("fully_diluted_valuation", price * supply * 1.1);
        json.WriteNumber("total_volume", price * 4321);
        json.WriteNumber("high_24h", price * 1.02);
        json.WriteNumber("low_24h", price * 0.98);
        json.WriteNumber("price_change_24h", price * 0.001);
        json.WriteNumber("price_change_percentage_24h", 0.1);
        json.WriteNumber("market_cap_change_24h", price * supply * 0.001);
        json.WriteNumber("market_cap_change_percentage_24h", 0.1);
        json.WriteNumber("circulating_supply", supply);
        json.WriteNumber("total_supply", supply * 1.1);
        json.WriteNull("max_supply");
        json.WriteNumber("ath", price * 7.5);
        json.WriteNumber("ath_change_percentage", -86.66667);
        json.WriteString("ath_date", "2021-11-10T14:24:11.849Z");
        json.WriteNumber("atl", price * 0.01);
        json.WriteNumber("atl_change_percentage", 9900.00123);
        json.WriteString("atl_date", "2013-07-06T00:00:00.000Z");
        json.WriteNull("roi");
        json.WriteString("last_updated", Quoted.AddSeconds(changed ? 600 : n % 300));
        json.WriteEndObject();
    }

    private void WriteTicker(Utf8JsonWriter json, int n, bool changed)
    {
        var price = Price(n, changed);
        json.WriteStartObject();
        json.WriteString("id", Id(n));
        json.WriteString("name", Name(n));
        json.WriteString("symbol", Symbol(n));
        json.WriteNumber("rank", n + 1);
        json.WriteNumber("total_supply", 1e6 + (n % 8191));
        json.WriteNumber("max_supply", 21e6);
        json.WriteNumber("beta_value", 0.936516);
        json.WriteString("first_data_at", "2010-07-17T00:00:00Z");
        json.WriteString("last_updated", Quoted.AddSeconds(changed ? 600 : n % 300));
        json.WriteStartObject("quotes");
        json.WriteStartObject("USD");
        json.WriteNumber("price", price);
        json.WriteNumber("volume_24h", price * 4321);
        json.WriteNumber("volume_24h_change_24h", 7.6);
        json.WriteNumber("market_cap", price * 1e6);
        json.WriteNumber("market_cap_change_24h", -4);
        foreach (var span in (ReadOnlySpan<string>)["15m", "30m", "1h", "6h", "12h", "24h", "7d", "30d", "1y"])
        {
            json.WriteNumber($"percent_change_{span}", (n % 700) * 0.01);
        }

        json.WriteNumber("ath_price", price * 7.5);
        json.WriteString("ath_date", "2021-04-14T08:53:23Z");
        json.WriteNumber("percent_from_price_ath", -86.67);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
