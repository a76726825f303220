namespace Kasparro.Data.Catalogue;

/// <summary>What one bitcoin cost in a currency, as CoinGecko said at one time. All rates of one reading have the same time.</summary>
public sealed class ExchangeRate
{
    /// <summary>When the rates were fetched.</summary>
    public DateTimeOffset QuotedAt { get; init; }

    /// <summary>The currency's code in lower case, such as <c>eur</c>.</summary>
    public required string Currency { get; init; }

    /// <summary>The currency's name.</summary>
    public required string Name { get; init; }

    /// <summary>The currency's sign.</summary>
    public required string Unit { get; init; }

    /// <summary>What it is: <c>fiat</c>, <c>crypto</c> or <c>commodity</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Units of the currency that one bitcoin costs; above 0.</summary>
    public double PerBitcoin { get; init; }
}
