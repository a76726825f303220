using System.Runtime.CompilerServices;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>Resumes a reading whose response broke off in the middle, when retrying the request itself is no longer possible.</summary>
internal static partial class ResumingReader
{
    /// <summary>
    /// The pages of a reading. If a response breaks off, the reading resumes after the last complete page, as many times in a row as the
    /// upstream's requests are retried; each page that arrives resets the count.
    /// </summary>
    /// <param name="source">The source that is read.</param>
    /// <param name="read">Reads the pages from a given point.</param>
    /// <param name="from">Where the reading begins.</param>
    /// <param name="options">The upstream's settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Logs each time that the reading is resumed.</param>
    /// <param name="cancellationToken">Cancels the requests and the waits between them.</param>
    /// <exception cref="IncompleteResponseException">The response broke off too many times.</exception>
    public static async IAsyncEnumerable<SourcePage> ReadAsync(
        string source,
        Func<ResumePoint, IAsyncEnumerable<SourcePage>> read,
        ResumePoint from,
        UpstreamOptions options,
        TimeProvider time,
        ILogger logger,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            string reason;
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
                catch (IncompleteResponseException e) when (failures < options.MaxRetries)
                {
                    reason = e.Message;
                    break;
                }

                failures = 0;
                from = new ResumePoint(pages.Current.Number + 1, pages.Current.RecordsThrough, pages.Current.ContentIdentity);
                yield return pages.Current;
            }

            var wait = options.RetryDelay * Math.Pow(2, failures++);
            wait = wait < options.MaxRetryAfter ? wait : options.MaxRetryAfter;
            Log.Resumes(logger, source, failures, options.MaxRetries, wait, from.Page + 1, reason);
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Source}: retry {Retry} of {Retries} in {Wait}, from page {Page} on: {Reason}")]
        public static partial void Resumes(ILogger logger, string source, int retry, int retries, TimeSpan wait, int page, string reason);
    }
}

/// <summary>A response that began correctly but is incomplete.</summary>
internal sealed class IncompleteResponseException(string message, Exception inner) : SourceException(message, inner);
