using System.Collections.Frozen;
using System.Globalization;
using Kasparro.Api.Postgres;
using Npgsql;

namespace Kasparro.Api.Catalogue;

/// <summary>A currency with its exchange rates.</summary>
/// <param name="Code">The code in lower case.</param>
/// <param name="Name">The name.</param>
/// <param name="Unit">The currency's sign.</param>
/// <param name="Kind"><c>fiat</c>, <c>crypto</c> or <c>commodity</c>.</param>
/// <param name="PerBitcoin">The price of one bitcoin in the currency.</param>
/// <param name="CoinPrice">
/// The catalogue's price in US dollars of the coin that the currency is or is a unit of; null if it is no coin or has no price.
/// </param>
internal sealed record CurrencyRate(string Code, string Name, string Unit, string Kind, double PerBitcoin, double? CoinPrice = null);

/// <summary>The currencies of one fetch of the rates. Prices in US dollars need no rate, so <c>usd</c> is always included.</summary>
internal sealed class CurrencyRates
{
    public const string Usd = "usd";

    /// <summary>The maximum length of a code.</summary>
    public const int MaxCodeLength = 20;

    // How many units of a currency so many dollars are worth. Not as one factor: a coin is worth exactly one of itself.
    private readonly FrozenDictionary<string, (double Dollars, double Units)> _worths;

    /// <summary>Creates the rates that were fetched at <paramref name="quotedAt"/>, which is null if there are none.</summary>
    public CurrencyRates(DateTime? quotedAt, IReadOnlyList<CurrencyRate> all)
    {
        (QuotedAt, All) = (quotedAt, all);
        var dollars = all.FirstOrDefault(rate => rate.Code == Usd)?.PerBitcoin;
        _worths = all
            .Where(rate => rate.Code != Usd && dollars is not null)
            .Select(rate => (rate.Code, Worth: rate.CoinPrice is { } price
                ? (Dollars: price, Coins[rate.Code].Units)
                : (Dollars: 1d, Units: rate.PerBitcoin / dollars!.Value)))
            .Where(rate => double.IsFinite(rate.Worth.Units))
            .Append((Code: Usd, Worth: (Dollars: 1d, Units: 1d)))
            .ToFrozenDictionary(rate => rate.Code, rate => rate.Worth, StringComparer.OrdinalIgnoreCase);
        Codes = [.. all.Select(rate => rate.Code).Where(Knows).DefaultIfEmpty(Usd)];
    }

    /// <summary>The rates of a catalogue without any: the dollar only.</summary>
    public static CurrencyRates None { get; } = new(null, []);

    /// <summary>
    /// The currencies that are coins or units of coins: CoinGecko's id of the coin, and how many units of the currency make one coin.
    /// </summary>
    public static IReadOnlyDictionary<string, (string Id, double Units)> Coins { get; } =
        new Dictionary<string, (string Id, double Units)>(StringComparer.Ordinal)
        {
            ["btc"] = ("bitcoin", 1),
            ["bits"] = ("bitcoin", 1e6),
            ["sats"] = ("bitcoin", 1e8),
            ["eth"] = ("ethereum", 1),
            ["ltc"] = ("litecoin", 1),
            ["bch"] = ("bitcoin-cash", 1),
            ["bnb"] = ("binancecoin", 1),
            ["eos"] = ("eos", 1),
            ["xrp"] = ("ripple", 1),
            ["xlm"] = ("stellar", 1),
            ["link"] = ("chainlink", 1),
            ["dot"] = ("polkadot", 1),
            ["yfi"] = ("yearn-finance", 1),
            ["sol"] = ("solana", 1),
        };

    /// <summary>The statement that reads the newest rates. Rates of coins are based on our own prices, which are newer.</summary>
    public static string Sql { get; } = $"""
        SELECT r.quoted_at, r.currency, r.name, r.unit, r.kind, r.per_bitcoin, coin.units, a.price_usd
        FROM exchange_rates r
        LEFT JOIN (VALUES {string.Join(", ", Coins.Select(coin => string.Create(
            CultureInfo.InvariantCulture, $"('{coin.Key}', '{coin.Value.Id}', {coin.Value.Units:F0}::double precision)")))})
            AS coin (currency, id, units) ON coin.currency = r.currency
        LEFT JOIN listings l ON l.source = 'coingecko' AND l.external_id = coin.id
        LEFT JOIN assets a ON a.asset_id = l.asset_id AND a.is_active
        WHERE r.quoted_at = (SELECT max(quoted_at) FROM exchange_rates) ORDER BY r.kind = 'fiat', r.kind DESC, r.currency
        """;

    /// <summary>When the rates were fetched, or null if there are none.</summary>
    public DateTime? QuotedAt { get; }

    /// <summary>The rates, those of fiat currencies last.</summary>
    public IReadOnlyList<CurrencyRate> All { get; }

    /// <summary>The codes of the currencies to which amounts can be converted.</summary>
    public IReadOnlyList<string> Codes { get; }

    /// <summary>Whether amounts can be converted to a currency.</summary>
    public bool Knows(string code) => _worths.ContainsKey(code);

    /// <summary>Converts an amount in US dollars; null if there is none, the currency is unknown, or a double cannot hold it.</summary>
    public double? Convert(double? dollars, string code) =>
        _worths.TryGetValue(code, out var worth) ? NumberColumns.Finite(dollars / worth.Dollars * worth.Units) : null;

    /// <summary>Reads the result of <see cref="Sql"/>.</summary>
    public static async Task<CurrencyRates> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var all = new List<CurrencyRate>();
        DateTime? quotedAt = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            quotedAt = reader.GetDateTime(0);

            var (units, price) = (reader.GetNumber(6), reader.GetNumber(7));
            all.Add(new(reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetDouble(5),
                NumberColumns.Finite(units / price) is null ? null : price)); // A double must hold what a dollar is worth.
        }

        return all.Count == 0 ? None : new(quotedAt, all);
    }
}
