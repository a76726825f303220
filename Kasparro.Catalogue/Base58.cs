using System.Numerics;

namespace Kasparro.Catalogue;

/// <summary>Base58 in Bitcoin's alphabet, which has no 0, O, I and l.</summary>
internal static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>Decodes a text; null where it has a character that the alphabet has not.</summary>
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
