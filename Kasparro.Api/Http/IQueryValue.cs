namespace Kasparro.Api.Http;

/// <summary>
/// A parameter's value that knows what is wrong with it, so that one response names every parameter at fault. Parsing never fails:
/// RequestDelegate would respond before the other parameters are looked at. A blank value is an absent one.
/// </summary>
internal interface IQueryValue
{
    /// <summary>What is wrong with the text that was given; null where nothing is, and where it is blank.</summary>
    string? Error { get; }
}
