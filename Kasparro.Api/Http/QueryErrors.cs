namespace Kasparro.Api.Http;

/// <summary>What is wrong with a query: each parameter at fault, with everything that is wrong with it, each thing once.</summary>
internal struct QueryErrors
{
    private Dictionary<string, string[]>? _errors;

    /// <summary>All of it; null where nothing is wrong.</summary>
    public readonly IReadOnlyDictionary<string, string[]>? All => _errors;

    public void Add(string parameter, string error)
    {
        _errors ??= new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (!_errors.TryGetValue(parameter, out var errors))
        {
            _errors[parameter] = [error];
        }
        else if (!errors.Contains(error, StringComparer.Ordinal))
        {
            _errors[parameter] = [.. errors, error];
        }
    }
}
