using System.Runtime.CompilerServices;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>Resumes a reading whose response broke off in its middle, where no retry of the request itself can help any more.</summary>
internal static class ResumingReader
{
    /// <summary>
    /// The pages of a reading. When a response breaks off, the reading is resumed after the last whole page, as many times in a row as the
    /// upstream's requests are retried; a page that arrives resets the count.
    /// </summary>
    /// <exception cref="IncompleteResponseException">The response broke off once too often.</exception>
    public static async IAsyncEnumerable<SourcePage> ReadAsync(
        Func<ResumePoint, IAsyncEnumerable<SourcePage>> read,
        ResumePoint from,
        UpstreamOptions options,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            await using var pages = read(from).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await pages.MoveNextAsync())
                    {
                        yield break;
                    }
                }
                catch (IncompleteResponseException) when (failures < options.MaxRetries)
                {
                    break;
                }

                failures = 0;
                from = new ResumePoint(pages.Current.Number + 1, pages.Current.RecordsThrough, pages.Current.ContentIdentity);
                yield return pages.Current;
            }

            var wait = options.RetryDelay * Math.Pow(2, failures++);
            await Task.Delay(wait < options.MaxRetryAfter ? wait : options.MaxRetryAfter, time, cancellationToken);
        }
    }
}

/// <summary>A response that began well and did not come to its end.</summary>
internal sealed class IncompleteResponseException(string message, Exception inner) : SourceException(message, inner);
