namespace Aspire.Hosting.Dashboard;

/// <summary>Values as people may see them: what comes from a secret parameter is masked, the rest of a connection string is not.</summary>
internal static class Secrets
{
    public const string Mask = "********";

    public static async ValueTask<string?> MaskedAsync(object? value, CancellationToken cancellationToken) => value switch
    {
        ParameterResource { Secret: true } secret => await secret.GetValueAsync(cancellationToken).ConfigureAwait(false) is { Length: > 0 } ? Mask : "",
        IResourceWithConnectionString resource => await MaskedAsync(resource.ConnectionStringExpression, cancellationToken).ConfigureAwait(false),
        ReferenceExpression expression => await expression.FormatAsync(provider => MaskedAsync(provider, cancellationToken)).ConfigureAwait(false),
        IValueProvider provider => await provider.GetValueAsync(cancellationToken).ConfigureAwait(false),
        _ => value?.ToString(),
    };
}
