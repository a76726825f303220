namespace Kasparro.Ingestion.Sources.Http;

/// <summary>Spends one call of the monthly budget for each attempt: the upstream counts retries too.</summary>
internal sealed class BudgetedCalls(CallBudget budget) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await budget.SpendAsync(cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }
}
