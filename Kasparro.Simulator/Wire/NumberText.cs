using System.Globalization;

namespace Kasparro.Simulator.Wire;

/// <summary>The formats of numbers: the same double has many texts, and upstreams change theirs from one response to the next.</summary>
internal enum NumberStyle
{
    /// <summary>As Go, and so CoinPaprika, formats JSON: <c>20030493</c>, <c>5.856e-7</c>.</summary>
    Go,

    /// <summary>As Python formats floats: <c>20030493.0</c>, <c>5.856e-05</c>, <c>1e+29</c>.</summary>
    Python,

    /// <summary>With all digits written out: <c>20030493</c>, <c>0.00005856</c>.</summary>
    Plain,
}

/// <summary>Formats doubles, as the shortest round-trippable text, as other languages do.</summary>
internal static class NumberText
{
    /// <summary>The maximum length of a double with all digits written out.</summary>
    public const int MaxLength = 352;

    /// <summary>Writes the number as ASCII into <paramref name="destination"/> and returns its length.</summary>
    public static int Format(double value, NumberStyle style, Span<byte> destination)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "JSON has no such number.");
        }

        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        Span<byte> digits = stackalloc byte[24];
        var (count, exponent) = Dissect(text[..length], digits);

        var output = new Output(destination);
        if (double.IsNegative(value) && value != 0)
        {
            output.Add('-');
        }

        var inExponentForm = style switch
        {
            NumberStyle.Go => exponent is < -6 or >= 21,
            NumberStyle.Python => exponent is < -4 or >= 16,
            _ => false,
        };
        if (inExponentForm)
        {
            output.Add(digits[..1]);
            if (count > 1)
            {
                output.Add('.');
                output.Add(digits[1..count]);
            }

            output.Add('e');
            output.Add(exponent < 0 ? '-' : '+');
            if (style == NumberStyle.Python && Math.Abs(exponent) < 10)
            {
                output.Add('0');
            }

            output.AddInteger(Math.Abs(exponent));
            return output.Length;
        }

        if (exponent < 0)
        {
            output.Add("0."u8);
            output.AddZeros(-exponent - 1);
            output.Add(digits[..count]);
            return output.Length;
        }

        var whole = Math.Min(count, exponent + 1);
        output.Add(digits[..whole]);
        output.AddZeros(exponent + 1 - whole);
        if (whole < count)
        {
            output.Add('.');
            output.Add(digits[whole..count]);
        }
        else if (style == NumberStyle.Python)
        {
            output.Add(".0"u8);
        }

        return output.Length;
    }

    /// <summary>Splits .NET's shortest text into its significant digits ("0" for zero) and the power of ten of the first digit.</summary>
    private static (int Count, int Exponent) Dissect(ReadOnlySpan<byte> text, Span<byte> digits)
    {
        var (count, exponent, inFraction) = (0, -1, false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == 'E')
            {
                exponent += int.Parse(text[(i + 1)..], CultureInfo.InvariantCulture);
                break;
            }

            if (c == '.')
            {
                inFraction = true;
            }
            else if (char.IsAsciiDigit((char)c))
            {
                var isLeadingZero = count == 0 && c == '0';
                if (!isLeadingZero)
                {
                    digits[count++] = c;
                }

                // A digit before the point raises the first digit's power; a zero after the point, with nothing before it, lowers it.
                exponent += !inFraction && !isLeadingZero ? 1 : inFraction && isLeadingZero ? -1 : 0;
            }
        }

        while (count > 1 && digits[count - 1] == '0')
        {
            count--;
        }

        if (count > 0)
        {
            return (count, exponent);
        }

        digits[0] = (byte)'0';
        return (1, 0);
    }

    private ref struct Output(Span<byte> destination)
    {
        private readonly Span<byte> _destination = destination;

        public int Length { get; private set; }

        public void Add(char ascii) => _destination[Length++] = (byte)ascii;

        public void Add(scoped ReadOnlySpan<byte> text)
        {
            text.CopyTo(_destination[Length..]);
            Length += text.Length;
        }

        public void AddZeros(int count)
        {
            _destination.Slice(Length, count).Fill((byte)'0');
            Length += count;
        }

        public void AddInteger(int value)
        {
            value.TryFormat(_destination[Length..], out var written, provider: CultureInfo.InvariantCulture);
            Length += written;
        }
    }
}
