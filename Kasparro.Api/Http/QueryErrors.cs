namespace Kasparro.Api.Http;

/// <summary>The errors of a request: each invalid parameter with its distinct errors. The number of parameters is limited.</summary>
/// <param name="maxParameters">The maximum number of parameters that are named.</param>
internal sealed class QueryErrors(int maxParameters = QueryErrors.MaxParameters)
{
    /// <summary>The maximum number of parameters that are named: with more, a short request could cause a long response.</summary>
    public const int MaxParameters = 20;

    private const int MaxNameLength = 100;

    private Dictionary<string, string[]>? _errors;

    /// <summary>Creates the errors of one invalid parameter.</summary>
    public static QueryErrors From(string parameter, string error)
    {
        var errors = new QueryErrors();
        errors.Add(parameter, error);
        return errors;
    }

    /// <summary>Whether there are any errors.</summary>
    public bool Any => _errors is not null;

    /// <summary>Whether the maximum number of parameters is reached.</summary>
    public bool IsFull => _errors?.Count >= maxParameters;

    /// <summary>The errors by parameter name.</summary>
    public IReadOnlyDictionary<string, string[]> All => _errors ?? [];

    /// <summary>Whether this parameter is invalid.</summary>
    public bool Has(string parameter) => _errors?.ContainsKey(parameter) ?? false;

    /// <summary>Adds an error, unless its parameter would exceed the maximum.</summary>
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
