using Kasparro.Simulator.Wire;

namespace Kasparro.Simulator.Upstreams;

/// <summary>CoinGecko's exchange rates: the price of one bitcoin in each currency.</summary>
internal static class ExchangeRates
{
    // The number of units that one US dollar costs.
    private static readonly (string Code, string Name, string Unit, double PerDollar, string Kind)[] Currencies =
    [
        ("usd", "US Dollar", "$", 1, "fiat"),
        ("eur", "Euro", "€", 0.8695, "fiat"),
        ("gbp", "British Pound Sterling", "£", 0.7612, "fiat"),
        ("jpy", "Japanese Yen", "¥", 151.32, "fiat"),
        ("chf", "Swiss Franc", "Fr.", 0.8047, "fiat"),
        ("inr", "Indian Rupee", "₹", 88.71, "fiat"),
        ("pln", "Polish Zloty", "zł", 3.694, "fiat"),
        ("xau", "Gold - Troy Ounce", "XAU", 0.000243, "commodity"),
    ];

    /// <summary>Creates the rates from a bitcoin's price in US dollars.</summary>
    public static ResponseBody From(double dollars) => async (body, cancellationToken) =>
    {
        using var stream = new JsonStream(body);
        var json = stream.Json;
        json.WriteStartObject();
        json.WriteStartObject("rates"u8);
        foreach (var (code, name, unit, perDollar, kind) in Currencies.Prepend(("btc", "Bitcoin", "BTC", 1 / dollars, "crypto")))
        {
            json.WriteStartObject(code);
            json.WriteString("name"u8, name);
            json.WriteString("unit"u8, unit);
            json.WriteNumber("value"u8, Math.Round(perDollar * dollars, 3), NumberStyle.Python);
            json.WriteString("type"u8, kind);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        await stream.FlushAsync(cancellationToken);
    };
}
