using System.Text;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Csv;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

/// <summary>What a header says about the unit of its column: dollars, another currency, a factor, a footnote.</summary>
public sealed class CsvHeaderUnitTests : CsvFiles
{
    /// <summary>Headers of the price column, with the price; null if it is another column.</summary>
    public static TheoryData<string, double?> Prices => new()
    {
        { "Price [1]", 1.5 },
        { "Price [12]", 1.5 },
        { "Price [a]", 1.5 },
        { "Price [1][2]", 1.5 },
        { "Price [*]", 1.5 },
        { "Price [$]", 1.5 },
        { "Price [USD] [1]", 1.5 },
        { "Price (US Dollars)", 1.5 },
        { "Price (U.S. dollar)", 1.5 },
        { "Price, US$", 1.5 },
        { "quote.USD.price", 1.5 },
        { "quotes.USD.price", 1.5 },
        { "quote_usd_price", 1.5 },
        { "market_data.current_price.usd", 1.5 },
        { "Price [\u20AC]", null },
        { "Price [\u00A3]", null },
        { "Price [\u039E]", null },
        { "Price [\u20BF]", null },
        { "Price [\u00D0]", null },
        { "Price (\u25CE)", null },
        { "Price [%]", null },
        { "Price [\uFF05]", null },
        { "Price [K]", null },
        { "Price (M)", null },
        { "Price [EUR]", null },
        { "Price (A$)", null },
        { "Price (USDT)", null },
        { "Price (Australian Dollars)", null },
        { "Price (\uFFFD)", null },
        { "Price (?)", null },
        { "quote.EUR.price", null },
        { "quotes.BTC.price", null },
        { "Price per token", 1.5 },
        { "Price per USD", null }, // The inverse.
        { "Price (per $)", null },
        { "Price (per 1,000 SHIB)", null },
        { "Price per 1K", null },
        { "Price (USD per gram)", null },
        { "usd", null }, // A price, or the value of a holding.
    };

    /// <summary>Headers, with the field that they name and the value of 2.5 in it; null if it is another column.</summary>
    public static TheoryData<string, string, double?> Others => new()
    {
        { "Market Cap [B]", "market_cap", 2.5e9 },
        { "Market Cap (B)", "market_cap", 2.5e9 },
        { "Market Cap ($B)", "market_cap", 2.5e9 },
        { "Market Cap ($ bn)", "market_cap", 2.5e9 },
        { "Market Cap (in billions)", "market_cap", 2.5e9 },
        { "Market Cap (in millions of dollars)", "market_cap", 2.5e6 },
        { "Market Cap (USD, millions)", "market_cap", 2.5e6 },
        { "Market Cap $M", "market_cap", 2.5e6 },
        { "Market Cap USD bn", "market_cap", 2.5e9 },
        { "Market Cap (USDbn)", "market_cap", 2.5e9 },
        { "Market Cap, USDm", "market_cap", 2.5e6 },
        { "Market Cap [T]", "market_cap", 2.5e12 },
        { "Volume [M]", "volume_24h", 2.5e6 },
        { "Volume (24h, $K)", "volume_24h", 2.5e3 },
        { "24h Volume (thousands)", "volume_24h", 2.5e3 },
        { "Circulating Supply (M)", "circulating_supply", 2.5e6 },
        { "Max Supply (million coins)", "max_supply", 2.5e6 },
        { "Market Cap [2]", "market_cap", 2.5 },
        { "quote.USD.market_cap", "market_cap", 2.5 },
        { "quote.USD.volume_24h", "volume_24h", 2.5 },
        { "quotes.USD.market_cap", "market_cap", 2.5 },
        { "market_data.total_volume.usd", "volume_24h", 2.5 },
        { "usd_market_cap", "market_cap", 2.5 },
        { "usd_24h_vol", "volume_24h", 2.5 },
        { "Market Cap [%]", "market_cap", null },
        { "Market Cap [\u20AC]", "market_cap", null },
        { "Market Cap (\u20ACB)", "market_cap", null },
        { "Market Cap (EUR)", "market_cap", null },
        { "Volume (USDT)", "volume_24h", null },
        { "Volume [BTC]", "volume_24h", null },
        { "Volume ('000)", "volume_24h", null },
        { "volumeUsd24Hr", "volume_24h", 2.5 },
        { "volumeUSD24h", "volume_24h", 2.5 },
        { "volume24hUSD", "volume_24h", 2.5 },
        { "usd24hVol", "volume_24h", 2.5 },
        { "Volume USDT", "volume_24h", null },
        { "Volume_USDT", "volume_24h", null },
        { "Volume EUR", "volume_24h", null },
        { "Volume BTC", "volume_24h", null },
        { "Volume USD 000s", "volume_24h", null },
        { "market_cap_eur", "market_cap", null },
        { "Market Cap EUR", "market_cap", null },
        { "MarketCap USDT", "market_cap", null },
        { "Market Cap $000", "market_cap", null },
        { "Market Cap $ mil", "market_cap", null }, // A thousand in Spanish.
        { "Market Cap (USD bil.)", "market_cap", null },
        { "Volume MUSD", "volume_24h", null },
        { "Volume KUSD", "volume_24h", null },
        { "Market Cap (circulating)", "market_cap", 2.5 },
        { "CapMrktCurUSD", "market_cap", 2.5 }, // Coin Metrics
        { "Market Cap (x1000)", "market_cap", 2.5e3 },
        { "Market Cap x 1,000", "market_cap", 2.5e3 },
        { "Market Cap (USD \u00D7 1,000,000)", "market_cap", 2.5e6 },
        { "Market Cap (in 1,000s)", "market_cap", 2.5e3 },
        { "Market Cap [10^9 $]", "market_cap", 2.5e9 },
        { "Market Cap (1e6 USD)", "market_cap", 2.5e6 },
        { "Circulating Supply (\u00D710\u2076)", "circulating_supply", 2.5e6 },
        { "Circulating Supply (mil.)", "circulating_supply", null },
        { "market_caps", "market_cap", 2.5 },
        { "total_volumes", "volume_24h", 2.5 },
        { "Volume in Currency (24Hr)", "volume_24h", 2.5 }, // Yahoo Finance
    };

    /// <summary>Two headers: the first column has 0.5; the second has 1.5, which is in dollars.</summary>
    [Theory]
    [InlineData("close", "close_usd")]
    [InlineData("Close", "Close (USD)")]
    [InlineData("Last", "Last (USD)")]
    [InlineData("Last Price", "Last Price (USD)")]
    [InlineData("close_price", "close_price_usd")]
    [InlineData("Price", "Price ($)")]
    [InlineData("Price", "Price in dollars")]
    [InlineData("price", "Close (USD)")]
    [InlineData("price", "quote.USD.price")]
    [InlineData("volume", "volume_usd")]
    [InlineData("Volume", "Volume (USD)")]
    [InlineData("total_volume", "volume_24h_usd")]
    [InlineData("volume_24h", "volume_24h_usd")]
    [InlineData("Volume (24h)", "Volume 24h (USD)")]
    [InlineData("Market Cap", "Market Cap (USD)")]
    [InlineData("market_cap", "mcap_usd")]
    public async Task Column_in_dollars_counts_where_another_does_not_say_so(string first, string second)
    {
        foreach (var (header, cells) in new[] { ($"{first},{second}", "0.5,1.5"), ($"{second},{first}", "1.5,0.5") })
        {
            var record = Assert.Single((await Read($"id,symbol,name,{header}\n1,A,a,{cells}\n")).Records);

            Assert.Equal(1.5, record.PriceUsd ?? record.Volume24hUsd ?? record.MarketCapUsd);
        }
    }

    [Theory]
    [InlineData("volume_change")]
    [InlineData("Volume Rank")]
    [InlineData("Market Cap Dominance")]
    [InlineData("market_cap_rank")]
    public async Task Column_of_something_else_is_not_said_to_be_in_another_unit(string header) =>
        Assert.Empty((await Read($"{Header},{header}\n1,A,a,1,2\n")).Drifts);

    [Theory]
    [MemberData(nameof(Prices))]
    public async Task Price_is_in_dollars_or_another_column(string header, double? price)
    {
        var result = await Read($"id,symbol,name,\"{header}\"\n1,A,a,1.5\n");

        Assert.Equal(price, Assert.Single(result.Records).PriceUsd);
        Assert.Equal(price is null ? ["price_usd missing 1"] : [], result.Drifts);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Column_is_scaled_by_its_header_or_said_to_be_missing(string header, string field, double? value)
    {
        var result = await Read($"{Header},\"{header}\"\n1,A,a,1,2.5\n2,B,b,1,\n");

        var record = result.Records[0];
        var read = record.MarketCapUsd ?? record.Volume24hUsd ?? record.CirculatingSupply ?? record.MaxSupply;
        Assert.Equal(value, read);
        Assert.Equal(value is null ? [$"{field} missing 2"] : [], result.Drifts);
        if (value is null)
        {
            Assert.Equal(header, result.Pages[0].Drifts[0].Example);
        }
    }

    [Fact]
    public async Task Factor_of_a_cell_and_of_its_header_are_not_multiplied()
    {
        var result = await Read($"{Header},Market Cap (B)\n1,A,a,1,2.5B\n");

        Assert.Null(Assert.Single(result.Records).MarketCapUsd);
        Assert.Equal(["market_cap unusable 1"], result.Drifts);
    }

    [Fact]
    public async Task Configured_alias_does_not_lose_its_headers_factor()
    {
        var options = new CsvOptions { HeaderAliases = { ["market_cap"] = ["Kapitalisierung (M)"] } };

        var result = await Read($"{Header},Kapitalisierung (M)\n1,A,a,1,2.5\n", options);

        Assert.Equal(2.5e6, Assert.Single(result.Records).MarketCapUsd);
    }

    [Theory]
    [InlineData("Price (\u20AC)")]
    [InlineData("Price \u20AC")]
    [InlineData("Price \u00A3")]
    [InlineData("Cat\u00E9gorie")]
    public async Task File_fails_and_names_the_setting_when_its_header_is_not_valid_in_its_encoding(string header)
    {
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding("windows-1252")!
            .GetBytes($"exported \u00E0 midi\nid,symbol,name,{header}\n1,A,a,1.5\n2,B,b,1.5\n");

        var error = await Assert.ThrowsAsync<SourceException>(() => Read(bytes));
        var set = await Read(bytes, new CsvOptions { Encoding = "windows-1252" });

        Assert.Contains("Sources:Csv:Encoding", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, set.Records.Count);
        Assert.Equal(["price_usd missing 2"], set.Drifts);
    }

    [Theory]
    [InlineData("volume,quote_asset_volume")] // Binance.
    [InlineData("volumefrom,volumeto")] // CryptoCompare.
    [InlineData("VOLUME24HOUR,VOLUME24HOURTO")]
    [InlineData("TOTALVOLUME24H,TOTALVOLUME24HTO")]
    [InlineData("vol24h,volCcy24h")] // OKX.
    [InlineData("vol,volValue")] // KuCoin.
    [InlineData("vol_base,vol_quote")]
    [InlineData("base_volume,quote_volume")]
    [InlineData("Volume,Volume (quote)")]
    public async Task Volume_in_the_prices_currency_counts_next_to_that_in_coins(string header) =>
        Assert.Equal(7, Assert.Single((await Read($"{Header},{header}\n1,A,a,1,5,7\n")).Records).Volume24hUsd);

    [Theory]
    [InlineData("Token,Ticker,Token Price")]
    [InlineData("Asset,Symbol,Close/Last")]
    [InlineData("Cryptocurrency Name,Symbol,Price (Intraday)")]
    [InlineData("Name,Symbol,Adj Close**")]
    [InlineData("Project,Ticker,Price")]
    [InlineData("Full Name,Code,Price")]
    public async Task Lists_of_many_sites_have_their_names(string header)
    {
        var record = Assert.Single((await Read($"{header}\nBitcoin,BTC,1.5\n")).Records);

        Assert.Equal(("BTC", "Bitcoin", 1.5), (record.Symbol, record.Name, record.PriceUsd));
    }

    [Fact]
    public async Task Columns_of_CoinLore_are_known()
    {
        var result = await Read("symbol,name,price_usd,volume24,volume24a,csupply,tsupply,msupply\nBTC,Bitcoin,1.5,5,6,7,8,9\n");

        var record = Assert.Single(result.Records);
        Assert.Equal((5, 7, 8, 9), (record.Volume24hUsd, record.CirculatingSupply, record.TotalSupply, record.MaxSupply));
    }

    [Fact]
    public async Task Slug_is_the_id_when_there_is_no_other()
    {
        var with = await Read("slug,id,symbol,name\nbitcoin,1,BTC,Bitcoin\n");
        var without = await Read("slug,symbol,name\nbitcoin,BTC,Bitcoin\n");

        Assert.Equal(["1"], with.Ids);
        Assert.Equal(["bitcoin"], without.Ids);
    }

    [Theory]
    [InlineData("slug,symbol,name,date,ranknow,open,high,low,close,volume,market", "bitcoin,BTC,Bitcoin,2026-11-20,1,1,1,1,1.5,5,7", 7d)]
    [InlineData("slug,symbol,name,price,market", "bitcoin,BTC,Bitcoin,1.5,7", null)] // Usually an exchange.
    public async Task Market_is_the_market_cap_where_kaggles_columns_are(string header, string row, double? marketCap)
    {
        var record = Assert.Single((await Read($"{header}\n{row}\n")).Records);

        Assert.Equal((1.5, marketCap), (record.PriceUsd, record.MarketCapUsd));
    }

    [Theory]
    [InlineData("symbol,coin,timeOpen,timeHigh,timeLow,name,close", "BTC,Bitcoin,2026-11-19,2026-11-19,2026-11-19,2781,1.5", "Bitcoin")]
    [InlineData("symbol,timeOpen,timeHigh,timeLow,name,close", "BTC,2026-11-19,2026-11-19,2026-11-19,2781,1.5", null)]
    public async Task Name_is_a_currencys_id_where_coin_market_caps_columns_are(string header, string row, string? name)
    {
        var text = $"{header}\n{row}\n{header}\n{row}\n"; // Files of several coins, concatenated.
        if (name is null)
        {
            var error = await Assert.ThrowsAsync<SourceException>(() => Read(text));
            Assert.Contains("no column for name (CoinMarketCap's is the id of a currency)", error.Message, StringComparison.Ordinal);
            return;
        }

        Assert.All((await Read(text)).Records, record => Assert.Equal((name, 1.5), (record.Name, record.PriceUsd)));
    }
}
