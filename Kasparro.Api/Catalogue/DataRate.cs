namespace Kasparro.Api.Catalogue;

/// <summary>What amounts in US dollars are converted by.</summary>
/// <param name="Currency">The currency's code in lower case.</param>
/// <param name="PerDollar">Units of it that one US dollar costs.</param>
/// <param name="At">When the rate was fetched, UTC.</param>
internal sealed record DataRate(string Currency, double PerDollar, DateTime? At);
