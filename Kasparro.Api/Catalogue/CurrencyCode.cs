using System.ComponentModel;
using Kasparro.Api.Http;

namespace Kasparro.Api.Catalogue;

/// <summary>A currency that a parameter names. Whether there is a rate of it, the catalogue knows.</summary>
/// <param name="Value">The code in lower case; null where it is absent or wrong.</param>
/// <param name="Error">What is wrong with it.</param>
[DefaultValue(CurrencyRates.Usd)]
internal readonly record struct CurrencyCode(string? Value, string? Error) : IQueryValue
{
    /// <summary>The parameter's name on every route.</summary>
    public const string Name = "vs_currency";

    /// <summary>What an error says of anything that cannot be a code.</summary>
    public const string Expected = "must be a currency's code such as eur";

    /// <summary>Reads a code, in any case.</summary>
    public static bool TryParse(string? text, IFormatProvider? provider, out CurrencyCode code)
    {
        var value = text?.Trim().ToLowerInvariant();
        code = string.IsNullOrEmpty(value) ? default
            : value.Length <= CurrencyRates.MaxCodeLength && value.All(char.IsAsciiLetterOrDigit) ? new(value, null)
            : new(null, Expected);
        return true;
    }
}
