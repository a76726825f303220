using System.Diagnostics;
using System.Runtime.CompilerServices;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Runs;

/// <summary>Gives each page a span that begins with its reading, as the parent of the upstream's request and the page's SQL.</summary>
internal static class PageTracing
{
    /// <summary>The pages, each with a span that is a child of the caller's span and ends when the page is disposed.</summary>
    public static async IAsyncEnumerable<TracedPage> TracedAsync(
        this IAsyncEnumerable<SourcePage> pages, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var run = Activity.Current;
        await using var reader = pages.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            var span = IngestionTelemetry.Spans.StartActivity($"page {name}", ActivityKind.Internal, run?.Context ?? default);
            bool isThere;
            try
            {
                isThere = await reader.MoveNextAsync();
            }
            catch (Exception e)
            {
                span?.SetStatus(ActivityStatusCode.Error, e.Message).Dispose();
                throw;
            }

            Activity.Current = run;
            if (!isThere)
            {
                span?.DisplayName = $"end of {name}";
                span?.Dispose();
                yield break;
            }

            span?.SetTag("kasparro.page", reader.Current.Number);
            yield return new(reader.Current, span);
        }
    }
}

/// <summary>A page and the span of its reading and loading.</summary>
internal sealed record TracedPage(SourcePage Page, Activity? Span) : IDisposable
{
    public void Dispose() => Span?.Dispose();
}
