namespace Kasparro.Ingestion.Sources.Http;

/// <summary>
/// A response's body, decompressed, up to a number of bytes: a few compressed ones can expand to any number. What the decompression finds
/// wrong comes as an <see cref="InvalidContentException"/>, whichever coding it is.
/// </summary>
internal sealed class BoundedBodyStream(Stream body, long limit) : BodyStream
{
    /// <summary>The largest record. One that is being read is in memory whole.</summary>
    private const long MaxRecord = 8 * 1024 * 1024;

    private long _read;
    private long _record;

    /// <summary>Notes that a record is complete: what is read from now on belongs to the next one.</summary>
    public void EndRecord() => _record = 0;

    /// <summary>Reads from a body that may be compressed.</summary>
    /// <exception cref="InvalidContentException">Its bytes are not what its <c>Content-Encoding</c> says.</exception>
    public static async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            throw new InvalidContentException(e); // gzip and deflate throw the one, Brotli the other.
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await ReadAsync(body, buffer, cancellationToken);
        _read += read;
        _record += read;
        return _read > limit ? throw new BodyTooLargeException($"more than {limit} bytes, which is the source's MaxResponseBytes")
            : _record > MaxRecord ? throw new BodyTooLargeException($"a record of more than {MaxRecord} bytes")
            : read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>A body is not in the coding that its <c>Content-Encoding</c> names, or breaks off within it.</summary>
internal sealed class InvalidContentException(Exception inner)
    : IOException($"the body is not in the coding that its Content-Encoding names ({inner.Message})", inner);

/// <summary>A body, or a record of it, is larger than an upstream may send.</summary>
internal sealed class BodyTooLargeException(string size) : Exception(size);
