using System.Diagnostics;
using System.Runtime.CompilerServices;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Runs;

/// <summary>Gives each page a span that begins with its reading, so that the upstream's call and the page's SQL are below one.</summary>
internal static class PageTracing
{
    /// <summary>The pages, each with its span, which whoever loads the page ends. All of them are children of the caller's span.</summary>
    public static async IAsyncEnumerable<(SourcePage Page, Activity? Span)> TracedAsync(
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
            yield return (reader.Current, span);
        }
    }
}
