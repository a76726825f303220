namespace Kasparro.Api.Catalogue;

/// <summary>
/// What a CRC-32 becomes when a given number of bytes follow: the CRC of two parts joined is that of the first, shifted by the second's length,
/// XOR that of the second (the method of zlib's <c>crc32_combine</c>). One multiplication by x^(8n) modulo the polynomial.
/// </summary>
internal sealed class Crc32Shift
{
    private const uint Polynomial = 0xEDB88320;
    private const uint One = 0x80000000;

    private readonly uint _factor;

    public Crc32Shift(long bytes)
    {
        // x^8, then by squaring.
        var power = One >> 8;
        var factor = One;
        for (; bytes > 0; bytes >>= 1)
        {
            factor = (bytes & 1) == 1 ? Multiply(factor, power) : factor;
            power = Multiply(power, power);
        }

        _factor = factor;
    }

    public uint Apply(uint crc) => Multiply(_factor, crc);

    private static uint Multiply(uint left, uint right)
    {
        var product = 0u;
        for (var bit = One; bit != 0; bit >>= 1)
        {
            if ((left & bit) != 0)
            {
                product ^= right;
            }

            right = (right & 1) == 1 ? (right >> 1) ^ Polynomial : right >> 1;
        }

        return product;
    }
}
