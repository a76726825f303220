using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>
/// A binary COPY into a table that encodes its rows itself (PostgreSQL's manual, COPY, "Binary Format"), because Npgsql's importer awaits
/// every value, which costs more than the rest of a row. If it is disposed before it is complete, the transaction can only be rolled back.
/// </summary>
internal sealed class BinaryCopyWriter : IAsyncDisposable
{
    private const int FlushAt = 1 << 16;

    private static readonly long Epoch = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly NpgsqlRawCopyStream _stream;
    private readonly short _columns;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(2 * FlushAt);
    private int _length;
    private bool _completed;

    private BinaryCopyWriter(NpgsqlRawCopyStream stream, short columns)
    {
        _stream = stream;
        _columns = columns;
        ReadOnlySpan<byte> header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8];
        header.CopyTo(Take(header.Length));
        Take(8).Clear(); // No flags, no extension.
    }

    /// <summary>Begins a COPY.</summary>
    /// <param name="connection">In the page's transaction.</param>
    /// <param name="table">The table.</param>
    /// <param name="columns">The columns, separated by commas, in the order in which each row adds its values.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    public static async Task<BinaryCopyWriter> BeginAsync(
        NpgsqlConnection connection, string table, string columns, CancellationToken cancellationToken)
    {
        var stream = await connection.BeginRawBinaryCopyAsync($"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        return new(stream, (short)(columns.AsSpan().Count(',') + 1));
    }

    public void StartRow() => BinaryPrimitives.WriteInt16BigEndian(Take(2), _columns);

    public void Add(Guid value) => value.TryWriteBytes(Field(16), bigEndian: true, out _);

    public void Add(bool value) => Field(1)[0] = value ? (byte)1 : (byte)0;

    public void Add(long value) => BinaryPrimitives.WriteInt64BigEndian(Field(8), value);

    public void Add(short value) => BinaryPrimitives.WriteInt16BigEndian(Field(2), value);

    public void Add(DateTimeOffset value) =>
        BinaryPrimitives.WriteInt64BigEndian(Field(8), (value.UtcTicks - Epoch) / TimeSpan.TicksPerMicrosecond);

    public void Add(string? value)
    {
        if (value is null)
        {
            AddNull();
            return;
        }

        Utf8.GetBytes(value, Field(Utf8.GetByteCount(value)));
    }

    public void Add(int? value)
    {
        if (value is not { } known)
        {
            AddNull();
            return;
        }

        BinaryPrimitives.WriteInt32BigEndian(Field(4), known);
    }

    public void Add(double? value)
    {
        if (value is not { } known)
        {
            AddNull();
            return;
        }

        BinaryPrimitives.WriteDoubleBigEndian(Field(8), known);
    }

    public void Add(Guid? value)
    {
        if (value is not { } known)
        {
            AddNull();
            return;
        }

        Add(known);
    }

    public void Add(DateTimeOffset? value)
    {
        if (value is not { } known)
        {
            AddNull();
            return;
        }

        Add(known);
    }

    /// <summary>Adds a jsonb value from UTF-8 JSON.</summary>
    public void AddJson(ReadOnlySpan<byte> json)
    {
        var field = Field(1 + json.Length);
        field[0] = 1; // The version of jsonb's wire format.
        json.CopyTo(field[1..]);
    }

    /// <summary>Sends the buffered rows once there are enough of them; called between rows, so that no single value is awaited.</summary>
    public ValueTask EndRowAsync(CancellationToken cancellationToken) =>
        _length < FlushAt ? ValueTask.CompletedTask : FlushAsync(cancellationToken);

    /// <summary>Ends the COPY; when this returns, the server has accepted every row.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        BinaryPrimitives.WriteInt16BigEndian(Take(2), -1);
        await FlushAsync(cancellationToken);
        _completed = true;
        await _stream.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        if (_completed)
        {
            return;
        }

        try
        {
            await _stream.CancelAsync();
        }
        catch (Exception e) when (e is NpgsqlException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection is lost, and the page's transaction with it; the original exception is already being thrown.
        }
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(_buffer.AsMemory(0, _length), cancellationToken);
        _length = 0;
    }

    private void AddNull() => BinaryPrimitives.WriteInt32BigEndian(Take(4), -1);

    private Span<byte> Field(int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(Take(4), length);
        return Take(length);
    }

    private Span<byte> Take(int length)
    {
        if (_length + length > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + length, 2 * _buffer.Length));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        _length += length;
        return _buffer.AsSpan(_length - length, length);
    }
}
