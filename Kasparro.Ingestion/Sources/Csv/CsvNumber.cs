using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>The result of reading a cell as a number.</summary>
/// <param name="Kind">Whether the cell has a number.</param>
/// <param name="Value">The number.</param>
/// <param name="Problem">Why the cell cannot be used, as the end of a sentence about its field.</param>
internal readonly record struct NumberReading(NumberKind Kind, double Value, string? Problem)
{
    public static NumberReading NotKnown => new(NumberKind.NotKnown, 0, null);

    public static NumberReading NotANumber => Unusable("is not a number");

    public static NumberReading Unusable(string problem) => new(NumberKind.Unusable, 0, problem);
}

/// <summary>Whether a cell has a number.</summary>
internal enum NumberKind
{
    Number,
    NotKnown,
    Unusable,
}

/// <summary>
/// Reads numbers as people and programs write them: <c>1234.5</c>, <c>1,234.50</c>, <c>1.234,50</c>, <c>1 234,50</c>, <c>1’234.50</c>,
/// <c>12,34,567</c>, <c>$1.5</c>, <c>1.5 USD</c>, <c>2.4B</c>, <c>(1.5)</c>, <c>−1.5</c>, <c>1.5E-7</c>. Ambiguous
/// numbers are refused.
/// </summary>
internal static partial class CsvNumber
{
    /// <summary>Longer than any meaningful number.</summary>
    private const int MaxLength = 400;

    private const string Ambiguous = "can be read in two ways, a factor of 1,000 apart; set Sources:Csv:DecimalComma";

    private const char ArabicPoint = '\u066B'; // It is unambiguous.

    private const char NoZeros = '\u2080'; // Subscript 0, and 9 below.
    private const char ManyZeros = '\u2089';

    private static readonly SearchValues<byte> PlainBytes = SearchValues.Create("0123456789.eE+-"u8);

    /// <summary>Factors that are 1,000 or 1,000,000 times larger in languages with decimal commas than in English.</summary>
    private static readonly SearchValues<string> LongScale =
        SearchValues.Create(["bln", "billion", "trillion"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a cell.</summary>
    /// <param name="utf8">The cell, unquoted.</param>
    /// <param name="mark">What is known about the file's decimals.</param>
    /// <param name="isRank">Whether the number is a rank, which may be written <c>#4</c>.</param>
    /// <param name="unit">The unit that may follow it besides dollars: for supplies, the coin's symbol.</param>
    /// <param name="factor">The factor that the column's header states.</param>
    public static NumberReading Read(
        ReadOnlySpan<byte> utf8, DecimalMark mark, bool isRank = false, ReadOnlySpan<char> unit = default, double factor = 1)
    {
        if (utf8.IsEmpty)
        {
            return NumberReading.NotKnown;
        }

        // A rank is an integer: its point may separate groups even if other numbers have decimal points.
        mark = isRank && mark is DecimalMark.LikelyPoint or DecimalMark.Point && utf8.Contains((byte)'.') ? DecimalMark.Unknown : mark;

        // The fast path, for nearly all cells.
        var isPlain = mark is DecimalMark.LikelyPoint or DecimalMark.Point or DecimalMark.PointOnly || !utf8.Contains((byte)'.');
        if (isPlain && !utf8.ContainsAnyExcept(PlainBytes)
            && double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out var plain))
        {
            return new(NumberKind.Number, plain * factor, null);
        }

        var text = CsvCell.ReadValue(utf8, stackalloc char[MaxLength]);
        return text.IsEmpty || CsvCell.IsNullWord(text) ? NumberReading.NotKnown
            : text.Length > MaxLength ? NumberReading.NotANumber
            : text.Contains(ArabicPoint)
                ? ReadDecorated(text.ToString().Replace(ArabicPoint, '.'), DecimalMark.PointOnly, isRank, unit, factor)
            : text.ContainsAnyInRange(NoZeros, ManyZeros) ? ReadDecorated(WithZeros(text.ToString()), mark, isRank, unit, factor)
            : ReadDecorated(WithoutUnit(text, unit), mark, isRank, unit, factor);
    }

    /// <summary>
    /// Whether a number can only have a decimal comma (true) or only a decimal point (false); null if it does not show which, like
    /// <c>1,234</c> and <c>1.234</c>.
    /// </summary>
    public static bool? HasDecimalComma(ReadOnlySpan<byte> utf8)
    {
        var text = CsvCell.ReadValue(utf8, stackalloc char[MaxLength]);
        if (text.Length > MaxLength || !FindCore(text, out var start, out var end))
        {
            return null;
        }

        var asPoint = ReadCore(text[start..end], DecimalMark.PointOnly, out _) is null;
        var asComma = ReadCore(text[start..end], DecimalMark.CommaOnly, out _) is null;
        return asPoint == asComma ? null : asComma;
    }

    /// <summary>Reads a number with the text before and after it.</summary>
    private static NumberReading ReadDecorated(
        ReadOnlySpan<char> text, DecimalMark mark, bool isRank, ReadOnlySpan<char> unit, double factor)
    {
        // A footnote.
        text = text is [.. var noted, '[', >= '0' and <= '9', ']'] && noted.ContainsAnyInRange('0', '9') ? noted : text;
        if (!FindCore(text, out var start, out var end))
        {
            // Accounting formats have "$-".
            return CsvCell.IsNullWord(text.Trim("$USD ")) ? NumberReading.NotKnown : NumberReading.NotANumber;
        }

        var decoration = new NumberDecoration(isRank, unit);
        var problem = decoration.Read(text[..start], isBehind: false) ?? decoration.Read(text[end..], isBehind: true) ?? decoration.Problem;
        if (problem is not null)
        {
            return NumberReading.Unusable(problem);
        }

        var core = text[start..end];
        if (ReadCore(core, mark, out var value) is { } fault)
        {
            return NumberReading.Unusable(fault);
        }

        var hasCommas = mark is DecimalMark.Comma or DecimalMark.CommaOnly
            || (mark is DecimalMark.Unknown or DecimalMark.LikelyPoint && core.LastIndexOf(',') > core.LastIndexOf('.'));
        if (hasCommas && text[end..].ContainsAny(LongScale))
        {
            return NumberReading.Unusable("has a factor that is another one in languages with decimal commas");
        }

        return decoration.Factor != 1 && factor != 1
            ? NumberReading.Unusable("has a factor, and so does its column's header")
            : new(NumberKind.Number, (decoration.IsNegative ? -value : value) * decoration.Factor * factor, null);
    }

    /// <summary>
    /// Removes the coin's symbol from a supply if it contains digits, which are not part of the number: <c>5,000 C98</c>,
    /// <c>5,000 1INCH</c>.
    /// </summary>
    private static ReadOnlySpan<char> WithoutUnit(ReadOnlySpan<char> text, ReadOnlySpan<char> unit)
    {
        if (!unit.ContainsAnyInRange('0', '9') || !unit.ContainsAnyExceptInRange('0', '9'))
        {
            return text;
        }

        var rest = text.TrimEnd(" *");
        if (rest.Length <= unit.Length || !rest.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }

        rest = rest[..^unit.Length];
        return char.IsWhiteSpace(rest[^1]) || (char.IsAsciiDigit(rest[^1]) && !char.IsAsciiDigit(unit[0])) ? rest.TrimEnd() : text;
    }

    /// <summary>Writes out the zeros that a subscript counts: <c>0.0₅4793</c> is <c>0.000004793</c>.</summary>
    private static string WithZeros(string text) => Subscript().Replace(
        text, match => new string('0', Math.Max(1, match.Value.Aggregate(0, (count, digit) => (10 * count) + digit - NoZeros)) - 1));

    [GeneratedRegex("(?<=[.,]0)[\u2080-\u2089]{1,2}", RegexOptions.None, 1000)]
    private static partial Regex Subscript();

    /// <summary>Finds the figures: from the first to the last digit, including a separator just before the first.</summary>
    private static bool FindCore(ReadOnlySpan<char> text, out int start, out int end)
    {
        start = text.IndexOfAnyInRange('0', '9');
        end = text.LastIndexOfAnyInRange('0', '9') + 1;
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
    /// <returns>Why they are not a number, as the end of a sentence; null if they are.</returns>
    private static string? ReadCore(ReadOnlySpan<char> core, DecimalMark mark, out double value)
    {
        value = 0;
        var exponent = core.IndexOfAny('e', 'E');
        var mantissa = exponent < 0 ? core : core[..exponent];
        if (Separate(mantissa, exponent >= 0, mark, out var whole, out var fraction) is { } fault)
        {
            return fault;
        }

        var digits = string.Concat(whole.ToString().Where(char.IsAsciiDigit));
        var power = exponent < 0 ? "" : core[exponent..].ToString().Replace('\u2212', '-');
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return !fraction.ContainsAnyExceptInRange('0', '9')
            && double.TryParse($"{digits}.{fraction}{power}", Style, CultureInfo.InvariantCulture, out value) ? null : "is not a number";
    }

    /// <summary>Splits the figures into the whole part and the fraction.</summary>
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
            decimals = text.Length; // Groups, or not a number.
        }
        else
        {
            var only = Math.Max(point, comma);
            var isComma = comma >= 0;
            var canGroup = !hasExponent && text.Length - only == 4 && text[0] is not '0' && Groups().IsMatch(text);
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
            ? Groups().IsMatch(whole) && !whole.Contains(decimalSign) && !(decimalSign is '\0' && whole[0] is '0')
            : whole.Length + fraction.Length > 0;
        return isFit && isWhole ? null : "is not a number";
    }

    /// <summary>
    /// Digits in groups of three with one kind of separator (point, comma, underscore, apostrophe, space of any width) or, with commas, as
    /// in India, of two before a last group of three.
    /// </summary>
    [GeneratedRegex(
        "^[0-9]{1,3}(?:(?:\\.[0-9]{3})+|(?:,[0-9]{3})+|(?:_[0-9]{3})+|(?:\\s[0-9]{3})+"
            + "|(?:['`\u00B4\u02BC\u066C\u2018\u2019\u2032][0-9]{3})+|(?:,[0-9]{2})+,[0-9]{3})$",
        RegexOptions.None,
        1000)]
    private static partial Regex Groups();
}
