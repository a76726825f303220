using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Kasparro.Ingestion.Model;

/// <summary>
/// XxHash128 over a record's canonical content, as a UUID for PostgreSQL's 16-byte type. Every part is framed by its kind and length, so
/// different contents never produce the same bytes. Not safe for concurrent use; one instance serves a whole stream.
/// </summary>
internal sealed class ContentHasher
{
    private byte[] _buffer = new byte[4096];
    private int _length;

    public void Add(char mark)
    {
        Reserve(2);
        MemoryMarshal.Write(_buffer.AsSpan(_length), mark);
        _length += 2;
    }

    public void Add(double number)
    {
        Reserve(9);
        _buffer[_length] = (byte)'#';
        MemoryMarshal.Write(_buffer.AsSpan(_length + 1), number == 0 ? 0.0 : number); // -0 equals 0.
        _length += 9;
    }

    public void Add(ReadOnlySpan<byte> text)
    {
        Reserve(4 + text.Length);
        MemoryMarshal.Write(_buffer.AsSpan(_length), text.Length);
        text.CopyTo(_buffer.AsSpan(_length + 4));
        _length += 4 + text.Length;
    }

    public void Add(ReadOnlySpan<char> text) => Add(MemoryMarshal.AsBytes(text));

    /// <summary>Returns the hash of everything that was added, and resets the hasher for the next record.</summary>
    public Guid Finish()
    {
        Span<byte> hash = stackalloc byte[16];
        XxHash128.Hash(_buffer.AsSpan(0, _length), hash);
        _length = 0;
        return new Guid(hash, bigEndian: true);
    }

    private void Reserve(int more)
    {
        if (_length + more > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + more));
        }
    }
}
