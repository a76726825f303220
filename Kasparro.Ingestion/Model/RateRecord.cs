namespace Kasparro.Ingestion.Model;

/// <summary>What one bitcoin costs in a currency.</summary>
/// <param name="Currency">The code in lower case.</param>
/// <param name="Name">The name.</param>
/// <param name="Unit">The sign.</param>
/// <param name="Kind">fiat, crypto or commodity.</param>
/// <param name="PerBitcoin">Units that one bitcoin costs; above 0.</param>
internal sealed record RateRecord(string Currency, string Name, string Unit, string Kind, double PerBitcoin);
