using System.Buffers;
using System.IO.Hashing;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>The part of a file's text that is in memory, which moves forward, and the hash of the text before it.</summary>
internal sealed class CsvWindow : IDisposable
{
    private const int MinCapacity = 512 * 1024;

    private readonly CsvInput _input;
    private readonly XxHash128 _hash = new();
    private readonly int _capacity;
    private byte[] _bytes;
    private long _hashed;

    /// <param name="input">The file; the caller disposes of it.</param>
    /// <param name="maxRowBytes">The maximum length of a row; the window holds several rows of this length.</param>
    public CsvWindow(CsvInput input, int maxRowBytes)
    {
        _input = input;
        _capacity = Math.Max(MinCapacity, 4 * maxRowBytes);
        _bytes = ArrayPool<byte>.Shared.Rent(_capacity);
    }

    /// <summary>The text in the window; valid until it slides.</summary>
    public ReadOnlyMemory<byte> Text => _bytes.AsMemory(0, Length);

    public int Length { get; private set; }

    /// <summary>The position of the window's first byte in the text.</summary>
    public long Offset { get; private set; }

    /// <summary>
    /// Whether the window has reached the end of the file; text that is appended later is left for the next reading.
    /// </summary>
    public bool AtEnd => _input.AtEnd;

    /// <summary>How much of the file has been read up to the window's end, 0–1.</summary>
    public double Fraction => _input.Length is > 0 and var length ? Math.Min(1, (double)_input.Position / length) : 1;

    /// <summary>Drops the first <paramref name="count"/> bytes and refills the window.</summary>
    public async ValueTask SlideAsync(int count, CancellationToken cancellationToken)
    {
        HashThrough(count);
        _bytes.AsSpan(count, Length - count).CopyTo(_bytes);
        Offset += count;
        Length -= count;
        Length += await _input.FillAsync(_bytes.AsMemory(Length, _capacity - Length), cancellationToken);
    }

    /// <summary>
    /// Moves forward until the byte before <paramref name="offset"/> is the window's first; false if the text is shorter.
    /// </summary>
    public async ValueTask<bool> MoveToAsync(long offset, CancellationToken cancellationToken)
    {
        while (offset > Offset + Length)
        {
            if (AtEnd)
            {
                return false;
            }

            await SlideAsync(Length - 1, cancellationToken);
        }

        await SlideAsync((int)(offset - 1 - Offset), cancellationToken);
        return true;
    }

    /// <summary>Goes back to the text's start.</summary>
    public async ValueTask RestartAsync(CancellationToken cancellationToken)
    {
        _input.Rewind();
        _hash.Reset();
        _hashed = Offset = Length = 0;
        await SlideAsync(0, cancellationToken);
    }

    /// <summary>Hashes the text up to <paramref name="index"/> in the window; later calls must not go back in the text.</summary>
    public string HashTo(int index)
    {
        HashThrough(index);
        return Convert.ToHexStringLower(_hash.GetCurrentHash());
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }

    private void HashThrough(int index)
    {
        var from = (int)(_hashed - Offset);
        if (index > from)
        {
            _hash.Append(_bytes.AsSpan(from, index - from));
            _hashed = Offset + index;
        }
    }
}
