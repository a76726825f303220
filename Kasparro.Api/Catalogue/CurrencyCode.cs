using System.ComponentModel;
using Kasparro.Api.Http;

namespace Kasparro.Api.Catalogue;

/// <summary>A currency code given by a parameter. Only the catalogue knows whether it has a rate for it.</summary>
/// <param name="Value">The code, in lower case.</param>
[DefaultValue(CurrencyRates.Usd), Expected(CurrencyCode.Expected)]
internal readonly record struct CurrencyCode(string Value)
{
    /// <summary>The parameter's name on every route.</summary>
    public const string Name = "vs_currency";

    /// <summary>The error for a text that cannot be a code.</summary>
    public const string Expected = "must be a currency's code such as eur";

    /// <summary>Parses a code, in any case.</summary>
    public static bool TryParse(string? text, IFormatProvider? provider, out CurrencyCode code)
    {
        code = new(text?.Trim().ToLowerInvariant() ?? "");
        return code.Value.Length is > 0 and <= CurrencyRates.MaxCodeLength && code.Value.All(char.IsAsciiLetterOrDigit);
    }
}
