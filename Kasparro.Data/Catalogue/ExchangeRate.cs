namespace Kasparro.Data.Catalogue;

/// <summary>The price of one bitcoin in a currency, as CoinGecko gave it. All rates of one reading have the same time.</summary>
public sealed class ExchangeRate
{
    /// <summary>The time at which the rates were fetched.</summary>
    public DateTimeOffset QuotedAt { get; init; }

    /// <summary>The currency's code in lower case, such as <c>eur</c>.</summary>
    public required string Currency { get; init; }

    /// <summary>The currency's name.</summary>
    public required string Name { get; init; }

    /// <summary>The currency's sign.</summary>
    public required string Unit { get; init; }

    /// <summary>The kind of currency: <c>fiat</c>, <c>crypto</c> or <c>commodity</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>How many units of the currency one bitcoin costs; above 0.</summary>
    public double PerBitcoin { get; init; }
}
