namespace Kasparro.Api.Http;

/// <summary>Thrown when a parameter is invalid and only the catalogue can show it; the response is 400 and names the parameter.</summary>
/// <param name="parameter">The parameter.</param>
/// <param name="error">What is wrong with it.</param>
internal sealed class InvalidParameterException(string parameter, string error) : Exception($"{parameter} {error}")
{
    /// <summary>The parameter.</summary>
    public string Parameter => parameter;

    /// <summary>What is wrong with it.</summary>
    public string Error => error;
}
