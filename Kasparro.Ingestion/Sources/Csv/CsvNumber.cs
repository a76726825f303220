using System.Buffers;
using System.Globalization;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>What a number's cell says.</summary>
/// <param name="Kind">Whether it has a number.</param>
/// <param name="Value">The number.</param>
/// <param name="Problem">Why the cell cannot be used, as the end of a sentence about its field.</param>
internal readonly record struct NumberReading(NumberKind Kind, double Value, string? Problem)
{
    public static NumberReading NotKnown => new(NumberKind.NotKnown, 0, null);

    public static NumberReading NotANumber => Unusable("is not a number");

    public static NumberReading Unusable(string problem) => new(NumberKind.Unusable, 0, problem);
}

/// <summary>Whether a number's cell has a number.</summary>
internal enum NumberKind
{
    Number,
    NotKnown,
    Unusable,
}

/// <summary>
/// Reads numbers as people and programs write them: <c>1234.5</c>, <c>1,234.50</c>, <c>1.234,50</c>, <c>1 234,50</c>, <c>1’234.50</c>,
/// <c>12,34,567</c>, <c>$1.5</c>, <c>1.5 USD</c>, <c>2.4B</c>, <c>(1.5)</c>, <c>−1.5</c>, <c>1.5E-7</c>. What could be another number is
/// refused.
/// </summary>
internal static class CsvNumber
{
    /// <summary>Longer than any number that says something.</summary>
    private const int MaxLength = 400;

    private const string Ambiguous = "can be read in two ways, a factor of 1,000 apart; set Sources:Csv:DecimalComma";

    private static readonly SearchValues<byte> PlainBytes = SearchValues.Create("0123456789.eE+-"u8);
    private static readonly SearchValues<char> CoreEnds = SearchValues.Create("0123456789");

    private static readonly Dictionary<string, double> Magnitudes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["k"] = 1e3,
        ["thousand"] = 1e3,
        ["m"] = 1e6,
        ["mm"] = 1e6,
        ["mn"] = 1e6,
        ["mio"] = 1e6,
        ["million"] = 1e6,
        ["b"] = 1e9,
        ["bn"] = 1e9,
        ["billion"] = 1e9,
        ["t"] = 1e12,
        ["tn"] = 1e12,
        ["trillion"] = 1e12,
    };

    private static readonly HashSet<string> Dollars = new(StringComparer.OrdinalIgnoreCase)
    {
        "$", "us$", "usd", "usd$", "$usd", "us", "dollar", "dollars", "u.s.", "u.s.$", "\uFF04", "\uFE69",
    };

    /// <summary>Reads a cell.</summary>
    /// <param name="utf8">The cell, unquoted.</param>
    /// <param name="mark">What is known of the file's decimals.</param>
    /// <param name="isRank">Whether <c>#4</c> is a way to write it.</param>
    /// <param name="unit">What may stand behind it besides dollars: of supplies, the coin's symbol.</param>
    public static NumberReading Read(ReadOnlySpan<byte> utf8, DecimalMark mark, bool isRank = false, ReadOnlySpan<char> unit = default)
    {
        if (utf8.IsEmpty)
        {
            return NumberReading.NotKnown;
        }

        // What nearly all cells are.
        var isPlain = mark is DecimalMark.LikelyPoint or DecimalMark.Point or DecimalMark.PointOnly || !utf8.Contains((byte)'.');
        if (isPlain && !utf8.ContainsAnyExcept(PlainBytes)
            && double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out var plain))
        {
            return new(NumberKind.Number, plain, null);
        }

        var text = CsvCell.ReadValue(utf8, stackalloc char[MaxLength]);
        return text.IsEmpty || CsvCell.IsNullWord(text) ? NumberReading.NotKnown
            : text.Length > MaxLength ? NumberReading.NotANumber
            : ReadDecorated(text, mark, isRank, unit);
    }

    /// <summary>
    /// Whether a number can only have a decimal comma (true) or only a decimal point (false); null where it says neither: <c>1,234</c> and
    /// <c>1.234</c> do not.
    /// </summary>
    public static bool? HasDecimalComma(ReadOnlySpan<byte> utf8)
    {
        var text = CsvCell.ReadValue(utf8, stackalloc char[MaxLength]);
        if (text.Length > MaxLength || !FindCore(text, out var start, out var end))
        {
            return null;
        }

        Span<char> digits = stackalloc char[MaxLength + 1];
        var asPoint = ReadCore(text[start..end], DecimalMark.PointOnly, digits, out _) is null;
        var asComma = ReadCore(text[start..end], DecimalMark.CommaOnly, digits, out _) is null;
        return asPoint == asComma ? null : asComma;
    }

    /// <summary>Reads a number with what stands before and behind it.</summary>
    private static NumberReading ReadDecorated(ReadOnlySpan<char> text, DecimalMark mark, bool isRank, ReadOnlySpan<char> unit)
    {
        if (!FindCore(text, out var start, out var end))
        {
            return NumberReading.NotANumber;
        }

        var decoration = new Decoration(isRank, unit);
        var problem = decoration.Read(text[..start], isBehind: false) ?? decoration.Read(text[end..], isBehind: true) ?? decoration.Problem;
        if (problem is not null)
        {
            return NumberReading.Unusable(problem);
        }

        if (ReadCore(text[start..end], mark, stackalloc char[MaxLength + 1], out var value) is { } fault)
        {
            return NumberReading.Unusable(fault);
        }

        return new(NumberKind.Number, (decoration.IsNegative ? -value : value) * decoration.Factor, null);
    }

    /// <summary>Finds the figures: from the first to the last digit, with a separator before the first.</summary>
    private static bool FindCore(ReadOnlySpan<char> text, out int start, out int end)
    {
        start = text.IndexOfAny(CoreEnds);
        end = text.LastIndexOfAny(CoreEnds) + 1;
        if (start > 0 && text[start - 1] is '.' or ',')
        {
            start--;
        }

        if (end > 0 && end == text.Length - 1 && text[end] is '.')
        {
            end++; // "5."
        }

        return start >= 0;
    }

    /// <summary>Reads the figures.</summary>
    /// <returns>Why they are no number, as the end of a sentence; null where they are.</returns>
    private static string? ReadCore(ReadOnlySpan<char> core, DecimalMark mark, Span<char> digits, out double value)
    {
        value = 0;
        var exponent = core.IndexOfAny('e', 'E');
        var mantissa = exponent < 0 ? core : core[..exponent];
        if (Separate(mantissa, exponent >= 0, mark, out var whole, out var fraction) is { } fault)
        {
            return fault;
        }

        var length = 0;
        foreach (var c in whole)
        {
            if (char.IsAsciiDigit(c))
            {
                digits[length++] = c;
            }
        }

        if (fraction.ContainsAnyExceptInRange('0', '9'))
        {
            return "is not a number";
        }

        digits[length++] = '.';
        fraction.CopyTo(digits[length..]);
        length += fraction.Length;
        if (exponent >= 0)
        {
            core[exponent..].CopyTo(digits[length..]);
            digits[length..(length + core.Length - exponent)].Replace('\u2212', '-');
            length += core.Length - exponent;
        }

        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(digits[..length], Style, CultureInfo.InvariantCulture, out value) ? null : "is not a number";
    }

    /// <summary>Tells the whole part from the fraction.</summary>
    private static string? Separate(
        ReadOnlySpan<char> text, bool hasExponent, DecimalMark mark, out ReadOnlySpan<char> whole, out ReadOnlySpan<char> fraction)
    {
        var point = text.LastIndexOf('.');
        var comma = text.LastIndexOf(',');
        var points = text.Count('.');
        var commas = text.Count(',');
        int decimals;
        if (points + commas == 0)
        {
            decimals = text.Length;
        }
        else if (points > 0 && commas > 0)
        {
            decimals = Math.Max(point, comma);
        }
        else if (points + commas > 1)
        {
            decimals = text.Length; // Groups, or no number.
        }
        else
        {
            var only = Math.Max(point, comma);
            var isComma = comma >= 0;
            var canGroup = !hasExponent && text.Length - only == 4 && text[0] is not '0' && IsGrouped(text);
            var isGroups = isComma
                ? mark is DecimalMark.Point or DecimalMark.PointOnly
                : mark is DecimalMark.Comma or DecimalMark.CommaOnly;
            if (canGroup && (mark is DecimalMark.Unknown || (isComma && mark is DecimalMark.LikelyPoint)))
            {
                whole = fraction = default;
                return Ambiguous;
            }

            decimals = canGroup && isGroups ? text.Length : only;
        }

        whole = text[..decimals];
        fraction = decimals < text.Length ? text[(decimals + 1)..] : default;
        var decimalSign = decimals < text.Length ? text[decimals] : '\0';
        var isFit = decimalSign switch
        {
            ',' => mark is not DecimalMark.PointOnly,
            '.' => mark is not DecimalMark.CommaOnly,
            _ => (commas == 0 || mark is not DecimalMark.CommaOnly) && (points == 0 || mark is not DecimalMark.PointOnly),
        };
        var isWhole = whole.ContainsAnyExceptInRange('0', '9')
            ? IsGrouped(whole) && !whole.Contains(decimalSign)
            : whole.Length + fraction.Length > 0;
        return isFit && isWhole ? null : "is not a number";
    }

    /// <summary>
    /// Whether one kind of mark separates groups: of three digits, or, with commas, as in India, of two before the last of three.
    /// </summary>
    private static bool IsGrouped(ReadOnlySpan<char> whole)
    {
        var separator = '\0';
        var group = 0;
        var groups = 0;
        var hasPairs = false;
        for (var i = 0; i < whole.Length; i++)
        {
            if (char.IsAsciiDigit(whole[i]))
            {
                group++;
                continue;
            }

            var kind = GetKind(whole[i]);
            var isSound = groups == 0 ? group is >= 1 and <= 3 : group == 3 || (group == 2 && separator == ',');
            hasPairs |= groups > 0 && group == 2;
            if (kind == '\0' || (separator != '\0' && kind != separator) || !isSound || (groups > 0 && hasPairs && group == 3))
            {
                return false;
            }

            separator = kind;
            groups++;
            group = 0;
        }

        return groups > 0 && group == 3;
    }

    /// <summary>The kinds of marks that separate groups: point, comma, space of any width, apostrophe.</summary>
    private static char GetKind(char c) => c switch
    {
        '.' or ',' => c,
        '\'' or '\u2019' or '\u2018' or '\u02BC' or '\u2032' or '\u00B4' or '`' => '\'',
        _ => char.IsWhiteSpace(c) ? ' ' : '\0',
    };

    /// <summary>What stands before and behind a number.</summary>
    private ref struct Decoration(bool isRank, ReadOnlySpan<char> unit)
    {
        private readonly bool _isRank = isRank;
        private readonly ReadOnlySpan<char> _unit = unit;
        private int _signs;
        private int _open;

        public bool IsNegative { get; private set; }

        public double Factor { get; private set; } = 1;

        /// <summary>What is wrong with both sides together.</summary>
        public readonly string? Problem => _open != 0 || _signs > 1 ? "is not a number" : null;

        /// <summary>Reads one side.</summary>
        /// <returns>What is wrong with it, as the end of a sentence; null where nothing is.</returns>
        public string? Read(ReadOnlySpan<char> side, bool isBehind)
        {
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
            }

            var isUnit = isBehind && !_unit.IsEmpty && token.Equals(_unit, StringComparison.OrdinalIgnoreCase);
            if (isBehind && Factor == 1 && Magnitudes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(token, out var factor))
            {
                Factor = factor;
                return isUnit ? $"has '{token}' behind it, which may be the coin or a factor" : null;
            }

            return isUnit || Dollars.GetAlternateLookup<ReadOnlySpan<char>>().Contains(token) ? null
                : IsCurrency(token) ? $"is in '{token}', not in US dollars"
                : "is not a number";
        }

        private string? Negate()
        {
            _signs++;
            IsNegative = true;
            return null;
        }

        /// <summary>A word with its currency signs and points, or one sign.</summary>
        private static int TokenLength(ReadOnlySpan<char> side)
        {
            var length = 0;
            while (length < side.Length && IsWord(side[length]))
            {
                length++;
            }

            return Math.Max(1, length);
        }

        private static bool IsWord(char c) =>
            char.IsLetter(c) || c is '$' or '.' || char.GetUnicodeCategory(c) is UnicodeCategory.CurrencySymbol;

        private static bool IsCurrency(ReadOnlySpan<char> token)
        {
            foreach (var c in token)
            {
                if (!IsWord(c))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
