using System.Text;

namespace Kasparro.Tests.Chaos;

/// <summary>
/// Mutates a record's bytes or values: cuts, flips bits, changes types, nests, overflows, inserts invalid UTF-8 and other input that breaks
/// parsers.
/// </summary>
internal sealed class Mutator(int seed)
{
    private static readonly string[] Values =
    [
        "null", "true", "[]", "{}", "[[[]]]", "\"\"", "\" \"", "0", "-1", "-0.0", "1e-30", "1e40", "1e308", "1e999", "-1e999",
        "123456789012345678901234567890",
        "\"NaN\"", "\"1e5\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\\ud83d\\ude80\"", "\"2026-13-45T99:99:99Z\"",
        "\"9999-12-31T23:59:59Z\"", "\"0001-01-01\"",
    ];

    private static readonly byte[][] BadUtf8 = [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80]];

    private readonly Random _random = new(seed);

    public bool Chance(int percent) => _random.Next(100) < percent;

    /// <summary>Mutates a JSON record in one to three ways.</summary>
    public byte[] Json(string record)
    {
        var bytes = Encoding.UTF8.GetBytes(record).ToList();
        for (var times = _random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
        {
            switch (_random.Next(6))
            {
                case 0 or 1 or 2:
                    Retype(bytes);
                    break;
                case 3:
                    bytes.InsertRange(_random.Next(bytes.Count + 1), BadUtf8[_random.Next(BadUtf8.Length)]);
                    break;
                default:
                    Spoil(bytes);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Mutates a CSV line in one to three ways, without line breaks and quotes, so that it stays one line.</summary>
    public byte[] CsvLine(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line).ToList();
        for (var times = _random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
        {
            switch (_random.Next(3))
            {
                case 0:
                    bytes.InsertRange(_random.Next(bytes.Count + 1), Encoding.UTF8.GetBytes(Values[_random.Next(Values.Length)]));
                    break;
                case 1:
                    bytes.InsertRange(_random.Next(bytes.Count + 1), BadUtf8[_random.Next(BadUtf8.Length)]);
                    break;
                default:
                    Spoil(bytes);
                    break;
            }
        }

        return [.. bytes.Where(b => b is not ((byte)'\n' or (byte)'\r' or (byte)'"'))];
    }

    /// <summary>Replaces a value after a colon with one of another type, out of range, nested too deeply or too long.</summary>
    private void Retype(List<byte> bytes)
    {
        var colons = bytes.Select((b, i) => (b, i)).Where(at => at.b == (byte)':').Select(at => at.i).ToList();
        if (colons.Count == 0)
        {
            return;
        }

        var start = colons[_random.Next(colons.Count)] + 1;
        var end = bytes.FindIndex(start, b => b is (byte)',' or (byte)'}');
        var value = _random.Next(12) switch
        {
            0 => new string('[', 40) + new string(']', 40),
            1 => $"\"{new string('x', 600)}\"",
            2 => $"\"{string.Concat(Enumerable.Repeat("🚀", 100))}\"",
            _ => Values[_random.Next(Values.Length)],
        };
        bytes.RemoveRange(start, Math.Max(0, end - start));
        bytes.InsertRange(start, Encoding.UTF8.GetBytes(value));
    }

    /// <summary>Cuts, flips, overwrites or repeats bytes.</summary>
    private void Spoil(List<byte> bytes)
    {
        var at = _random.Next(bytes.Count);
        switch (_random.Next(4))
        {
            case 0:
                bytes.RemoveRange(at, _random.Next(1, bytes.Count - at + 1));
                break;
            case 1:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 2:
                bytes[at] = (byte)_random.Next(256);
                break;
            default:
                bytes.InsertRange(at, bytes[at..Math.Min(bytes.Count, at + _random.Next(1, 40))]);
                break;
        }
    }
}
