using System.Globalization;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>Reads the text before and after a number.</summary>
internal ref struct NumberDecoration(bool isRank, ReadOnlySpan<char> unit)
{
    private readonly bool _isRank = isRank;
    private readonly ReadOnlySpan<char> _unit = unit;
    private int _signs;
    private int _open;

    public bool IsNegative { get; private set; }

    public double Factor { get; private set; } = 1;

    /// <summary>What is wrong with both sides together, as the end of a sentence; null if nothing is.</summary>
    public readonly string? Problem => _open != 0 || _signs > 1 ? "is not a number" : null;

    /// <summary>Reads one side.</summary>
    /// <returns>What is wrong with it, as the end of a sentence; null if nothing is.</returns>
    public string? Read(ReadOnlySpan<char> side, bool isBehind)
    {
        side = side.Trim() is ['(', .. var bracketed, ')'] && isBehind ? bracketed : side; // 1.5 (USD)
        while (!(side = side.Trim()).IsEmpty)
        {
            var token = side[..TokenLength(side)];
            if (ReadToken(token, isBehind) is { } problem)
            {
                return problem;
            }

            side = side[token.Length..];
        }

        return null;
    }

    private string? ReadToken(ReadOnlySpan<char> token, bool isBehind)
    {
        switch (token[0])
        {
            case '(' when !isBehind && _open == 0:
                _open++;
                return Negate();
            case ')' when isBehind && _open == 1:
                _open--;
                return null;
            case '+' when !isBehind:
                _signs++;
                return null;
            case '-' or '\u2212' or '\u2013' or '\u2010' or '\u2011' or '\uFE63' or '\uFF0D':
                return Negate();
            case '%' or '\u2030' or '\uFF05':
                return "is a percentage, not an amount";
            case '#' or '\u2116' when _isRank && !isBehind:
                return null;
            case '=' when !isBehind:
                return null; // A formula.
            case '*' or '\u2020' or '\u2021' or '\u00A7' or '\u25B2' or '\u25BC' or '\u2191' or '\u2193' when isBehind:
                return null; // A footnote sign, as on CoinMarketCap's supplies; or an arrow that shows the trend.
        }

        var isUnit = !_unit.IsEmpty && token.Equals(_unit, StringComparison.OrdinalIgnoreCase);
        if (isBehind && Factor == 1 && TryGetFactor(token, out var factor))
        {
            Factor = factor;
            return isUnit ? $"is followed by '{token}', which may be the coin or a factor" : null;
        }

        return isUnit || CsvMoney.IsDollar(token) ? null
            : IsWord(token[0]) && !token.TrimStart('.').IsEmpty ? $"is in '{token}', not in US dollars"
            : "is not a number";
    }

    /// <summary>
    /// Gets the factor of <c>B</c>, <c>Mio.</c>, <c>B$</c>. Before a number, <c>B$</c> means Brunei dollars; <c>BUSD</c> is a coin.
    /// </summary>
    private static bool TryGetFactor(ReadOnlySpan<char> token, out double factor) =>
        CsvMoney.TryGetFactor(token, out factor) || (token is [.. var word, '$'] && CsvMoney.TryGetFactor(word, out factor))
        || (token is ['$', .. var behind] && CsvMoney.TryGetFactor(behind, out factor));

    private string? Negate()
    {
        _signs++;
        IsNegative = true;
        return null;
    }

    /// <summary>The length of a word with its currency signs, points and hyphens, <c>US-$</c>, or of a single sign.</summary>
    private static int TokenLength(ReadOnlySpan<char> side)
    {
        var length = 0;
        while (length < side.Length
            && (IsWord(side[length]) || (length > 0 && side[length] is '-' && length + 1 < side.Length && IsWord(side[length + 1]))))
        {
            length++;
        }

        return Math.Max(1, length);
    }

    private static bool IsWord(char c) =>
        char.IsLetter(c) || c is '$' or '.' || char.GetUnicodeCategory(c) is UnicodeCategory.CurrencySymbol;
}
