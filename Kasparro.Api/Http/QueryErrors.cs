namespace Kasparro.Api.Http;

/// <summary>
/// What is wrong with a request: each parameter at fault, with everything that is wrong with it, each thing once. Bounded.
/// </summary>
/// <param name="maxParameters">How many parameters at fault are named.</param>
internal sealed class QueryErrors(int maxParameters = QueryErrors.MaxParameters)
{
    /// <summary>How many parameters at fault are named: more would let a short request have a long response.</summary>
    public const int MaxParameters = 20;

    private const int MaxNameLength = 100;

    private Dictionary<string, string[]>? _errors;

    /// <summary>One parameter at fault.</summary>
    public static QueryErrors From(string parameter, string error)
    {
        var errors = new QueryErrors();
        errors.Add(parameter, error);
        return errors;
    }

    /// <summary>Whether anything is wrong.</summary>
    public bool Any => _errors is not null;

    /// <summary>Whether so much is wrong that nothing more is taken in.</summary>
    public bool IsFull => _errors?.Count >= maxParameters;

    /// <summary>The errors by parameter; no more than are named.</summary>
    public IReadOnlyDictionary<string, string[]> All => _errors ?? [];

    /// <summary>Whether this parameter is at fault.</summary>
    public bool Has(string parameter) => _errors?.ContainsKey(parameter) ?? false;

    /// <summary>Adds an error, unless there are too many already.</summary>
    public void Add(string parameter, string error)
    {
        parameter = parameter.Length > MaxNameLength ? $"{parameter.AsSpan(..MaxNameLength)}…" : parameter;
        _errors ??= new(StringComparer.Ordinal);
        if (_errors.TryGetValue(parameter, out var errors))
        {
            _errors[parameter] = errors.Contains(error, StringComparer.Ordinal) ? errors : [.. errors, error];
        }
        else if (!IsFull)
        {
            _errors[parameter] = [error];
        }
    }
}
