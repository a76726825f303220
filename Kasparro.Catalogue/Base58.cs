using System.Numerics;
using System.Text;

namespace Kasparro.Catalogue;

/// <summary>Encodes and decodes Base58 with Bitcoin's alphabet, which lacks 0, O, I and l.</summary>
public static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>Encodes bytes.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        for (var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true); !number.IsZero;)
        {
            (number, var digit) = BigInteger.DivRem(number, Alphabet.Length);
            text.Insert(0, Alphabet[(int)digit]);
        }

        var zeros = bytes.IndexOfAnyExcept((byte)0) is >= 0 and var first ? first : bytes.Length;
        return text.Insert(0, new string(Alphabet[0], zeros)).ToString();
    }

    /// <summary>Decodes a text; null if it has a character outside the alphabet.</summary>
    public static byte[]? Decode(string text)
    {
        var number = BigInteger.Zero;
        foreach (var character in text)
        {
            var digit = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (digit < 0)
            {
                return null;
            }

            number = (number * Alphabet.Length) + digit;
        }

        var zeros = text.TakeWhile(character => character == Alphabet[0]).Count();
        return number.IsZero ? new byte[zeros] : [.. new byte[zeros], .. number.ToByteArray(isUnsigned: true, isBigEndian: true)];
    }
}
