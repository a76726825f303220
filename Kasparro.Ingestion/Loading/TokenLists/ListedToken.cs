using System.Globalization;
using System.Text.RegularExpressions;

namespace Kasparro.Ingestion.Loading.TokenLists;

/// <summary>A token in a token list.</summary>
internal sealed partial record ListedToken(string Address, string Symbol, string Name, short Decimals)
{
    private const int MaxName = 60;
    private const int MaxSymbol = 20;

    /// <summary>
    /// Creates a token that conforms to the schema of token lists, or returns null if its symbol or address cannot. A name that is too long
    /// is shortened, since it is only for people.
    /// </summary>
    /// <param name="rule">The format of the platform's addresses (<see cref="AddressRule"/>).</param>
    /// <param name="address">The address in the catalogue.</param>
    /// <param name="symbol">The asset's symbol.</param>
    /// <param name="name">The asset's name.</param>
    /// <param name="decimals">The token's decimals.</param>
    public static ListedToken? Create(string rule, string address, string symbol, string name, short decimals)
    {
        var evm = rule == AddressRule.Xdc && address.StartsWith("xdc", StringComparison.OrdinalIgnoreCase) ? $"0x{address[3..]}" : address;
        if (AddressRule.FindError(AddressRule.EvmUnchecked, evm) is not null || symbol.Length > MaxSymbol || symbol.Any(char.IsWhiteSpace))
        {
            return null;
        }

        // Rootstock's and XDC's wallets have their own checksums.
        var shown = rule is AddressRule.EvmUnchecked or AddressRule.Xdc ? evm.ToLowerInvariant() : AddressRule.ToChecksum(evm);
        return new(shown, symbol, Shorten(WhiteSpace().Replace(name, " ").Trim()), decimals);
    }

    private static string Shorten(string name)
    {
        if (name.Length <= MaxName)
        {
            return name;
        }

        var text = StringInfo.GetTextElementEnumerator(name);
        var length = 0;
        while (text.MoveNext() && text.ElementIndex + text.GetTextElement().Length < MaxName)
        {
            length = text.ElementIndex + text.GetTextElement().Length;
        }

        return $"{name[..length]}…";
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex WhiteSpace();
}
