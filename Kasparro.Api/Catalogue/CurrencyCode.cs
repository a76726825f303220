using System.ComponentModel;
using Kasparro.Api.Http;

namespace Kasparro.Api.Catalogue;

/// <summary>A currency code given by a parameter. Only the catalogue knows whether it has a rate for it.</summary>
/// <param name="Value">The code in lower case, or null if it is absent or invalid.</param>
/// <param name="Error">What is wrong with it, or null if nothing is.</param>
[DefaultValue(CurrencyRates.Usd)]
internal readonly record struct CurrencyCode(string? Value, string? Error) : IQueryValue
{
    /// <summary>The parameter's name on every route.</summary>
    public const string Name = "vs_currency";

    /// <summary>The error for a text that cannot be a code.</summary>
    public const string Expected = "must be a currency's code such as eur";

    /// <summary>Parses a code, in any case.</summary>
    public static bool TryParse(string? text, IFormatProvider? provider, out CurrencyCode code)
    {
        var value = text?.Trim().ToLowerInvariant();
        code = string.IsNullOrEmpty(value) ? default
            : value.Length <= CurrencyRates.MaxCodeLength && value.All(char.IsAsciiLetterOrDigit) ? new(value, null)
            : new(null, Expected);
        return true;
    }
}
