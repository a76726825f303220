using System.Runtime.CompilerServices;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>Goes on reading where a response broke off in its middle, where no retry of the call itself can help any more.</summary>
internal static class ResumingReader
{
    /// <summary>
    /// The pages of a reading. When a response breaks off, the reading is taken up after the last whole page, as many times in a row as the
    /// upstream's calls are retried; a page that arrives starts the count anew.
    /// </summary>
    /// <exception cref="IncompleteResponseException">The response broke off once too often.</exception>
    public static async IAsyncEnumerable<SourcePage> ReadOnAsync(
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
