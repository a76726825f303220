namespace Kasparro.Ingestion.Sources.Http;

/// <summary>Counts each attempt and spends a call of the monthly quota for it, since the upstream counts retries too.</summary>
internal sealed class QuotaHandler(string source, MonthlyQuota quota, UpstreamCalls calls) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await quota.SpendAsync(cancellationToken);
        calls.Count(source);
        return await base.SendAsync(request, cancellationToken);
    }
}
