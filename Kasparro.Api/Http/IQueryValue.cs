namespace Kasparro.Api.Http;

/// <summary>
/// A parameter's value together with its error, so that one response can name every invalid parameter. Parsing never fails: otherwise
/// RequestDelegate would respond before the other parameters are checked. A blank value counts as absent.
/// </summary>
internal interface IQueryValue
{
    /// <summary>What is wrong with the text, or null if it is valid or blank.</summary>
    string? Error { get; }
}
