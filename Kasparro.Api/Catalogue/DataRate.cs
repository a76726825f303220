namespace Kasparro.Api.Catalogue;

/// <summary>The exchange rate by which amounts in US dollars are converted.</summary>
/// <param name="Currency">The currency's code in lower case.</param>
/// <param name="PerDollar">The price of one US dollar in the currency.</param>
/// <param name="At">When the rate was fetched, UTC.</param>
internal sealed record DataRate(string Currency, double PerDollar, DateTime? At);
