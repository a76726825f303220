namespace Kasparro.Ingestion.Model;

/// <summary>The price of one bitcoin in a currency.</summary>
/// <param name="Currency">The currency code in lower case.</param>
/// <param name="Name">The currency's name.</param>
/// <param name="Unit">The currency's sign.</param>
/// <param name="Kind">fiat, crypto or commodity.</param>
/// <param name="PerBitcoin">The number of units that one bitcoin costs; above 0.</param>
internal sealed record RateRecord(string Currency, string Name, string Unit, string Kind, double PerBitcoin);
