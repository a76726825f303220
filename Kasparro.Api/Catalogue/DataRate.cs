namespace Kasparro.Api.Catalogue;

/// <summary>The exchange rates by which amounts in US dollars are converted to one currency.</summary>
/// <param name="Currency">The currency's code in lower case.</param>
/// <param name="Rates">The rates; the currency is one of them.</param>
internal sealed record DataRate(string Currency, CurrencyRates Rates);
