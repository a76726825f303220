using System.Collections.Frozen;
using Npgsql;

namespace Kasparro.Api.Vendors;

/// <summary>A currency and what one bitcoin costs in it.</summary>
/// <param name="Code">The code in lower case.</param>
/// <param name="Name">The name.</param>
/// <param name="Unit">The sign.</param>
/// <param name="Kind"><c>fiat</c>, <c>crypto</c> or <c>commodity</c>.</param>
/// <param name="PerBitcoin">Units that one bitcoin costs.</param>
internal sealed record CurrencyRate(string Code, string Name, string Unit, string Kind, double PerBitcoin);

/// <summary>The currencies of one reading of the rates. Prices in US dollars need none, so <c>usd</c> is always among them.</summary>
internal sealed class CurrencyRates
{
    public const string Usd = "usd";

    private readonly FrozenDictionary<string, double> _perDollar;

    private CurrencyRates(DateTime? quotedAt, IReadOnlyList<CurrencyRate> all)
    {
        (QuotedAt, All) = (quotedAt, all);
        var dollars = all.FirstOrDefault(rate => rate.Code == Usd)?.PerBitcoin;
        _perDollar = all
            .Where(rate => rate.Code != Usd && dollars is not null)
            .Select(rate => KeyValuePair.Create(rate.Code, rate.PerBitcoin / dollars!.Value))
            .Append(KeyValuePair.Create(Usd, 1d))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        Codes = [.. all.Select(rate => rate.Code).Where(_perDollar.ContainsKey).DefaultIfEmpty(Usd)];
    }

    /// <summary>The rates of a catalogue that has none: only the dollar.</summary>
    public static CurrencyRates None { get; } = new(null, []);

    /// <summary>The statement that reads the newest rates.</summary>
    public static string Sql => """
        SELECT quoted_at, currency, name, unit, kind, per_bitcoin FROM exchange_rates
        WHERE quoted_at = (SELECT max(quoted_at) FROM exchange_rates) ORDER BY kind = 'fiat', kind DESC, currency
        """;

    /// <summary>When the rates were fetched; null where there are none.</summary>
    public DateTime? QuotedAt { get; }

    /// <summary>The rates, those of currencies last.</summary>
    public IReadOnlyList<CurrencyRate> All { get; }

    /// <summary>The codes of the currencies that amounts can be given in.</summary>
    public IReadOnlyList<string> Codes { get; }

    /// <summary>Units of a currency that one US dollar costs; null where it is not known.</summary>
    public double? PerDollar(string code) => _perDollar.TryGetValue(code, out var factor) ? factor : null;

    /// <summary>Reads the result of <see cref="Sql"/>.</summary>
    public static async Task<CurrencyRates> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var all = new List<CurrencyRate>();
        DateTime? quotedAt = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            quotedAt = reader.GetDateTime(0);
            all.Add(new(reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetDouble(5)));
        }

        return all.Count == 0 ? None : new(quotedAt, all);
    }

    /// <summary>The rates at one of several times in the past.</summary>
    public static CurrencyRates At(DateTime quotedAt, IReadOnlyList<CurrencyRate> all) => new(quotedAt, all);
}
