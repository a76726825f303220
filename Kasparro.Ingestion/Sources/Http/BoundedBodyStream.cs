namespace Kasparro.Ingestion.Sources.Http;

/// <summary>
/// A decompressed response body with a maximum size, since a few compressed bytes can expand to any number. Decompression errors are thrown
/// as <see cref="InvalidContentException"/>, regardless of the coding.
/// </summary>
internal sealed class BoundedBodyStream(Stream body, long limit) : BodyStream
{
    /// <summary>The maximum size of a record, which is held in memory as a whole while it is read.</summary>
    private const long MaxRecord = 8 * 1024 * 1024;

    private long _read;
    private long _record;

    /// <summary>Marks the end of a record: everything read from now on belongs to the next one.</summary>
    public void EndRecord() => _record = 0;

    /// <summary>Reads from a body that may be compressed.</summary>
    /// <exception cref="InvalidContentException">The body does not match its <c>Content-Encoding</c>.</exception>
    public static async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            throw new InvalidContentException(e); // gzip and deflate throw the former, Brotli the latter.
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

/// <summary>A body does not match its <c>Content-Encoding</c>, or is truncated.</summary>
internal sealed class InvalidContentException(Exception inner)
    : IOException($"the body is not in the coding that its Content-Encoding names ({inner.Message})", inner);

/// <summary>A body, or a record in it, is larger than allowed.</summary>
internal sealed class BodyTooLargeException(string size) : Exception(size);
