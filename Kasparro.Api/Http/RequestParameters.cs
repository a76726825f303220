using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Kasparro.Api.Http;

/// <summary>
/// The parameters that an endpoint's handler declares with <c>[AsParameters]</c>, <c>[FromRoute]</c> and <c>[FromQuery]</c>.
/// </summary>
internal sealed class RequestParameters
{
    /// <summary>The parameter that jQuery and others add to get past caches; ignored on every route.</summary>
    public const string CacheBuster = "_";

    private readonly List<RequestParameter> _route;
    private readonly List<RequestParameter> _query;
    private readonly string _unknown;

    private RequestParameters(IReadOnlyList<RequestParameter> all)
    {
        All = all;
        _route = [.. all.Where(parameter => parameter.Source is ParameterSource.Path)];
        _query = [.. all.Where(parameter => parameter.Source is ParameterSource.Query)];
        _unknown = _query.Count == 0
            ? "is not a parameter of this resource; it has none"
            : $"is not a parameter of this resource; those are {string.Join(", ", _query.Select(parameter => parameter.Name))}";
    }

    /// <summary>The parameters, as the OpenAPI document describes them.</summary>
    public IReadOnlyList<RequestParameter> All { get; }

    /// <summary>Reads a handler's signature.</summary>
    public static RequestParameters From(MethodInfo handler) => new(
    [
        .. handler.GetParameters().SelectMany(parameter => parameter.IsDefined(typeof(AsParametersAttribute))
            ? From(parameter.ParameterType)
            : RequestParameter.TryFrom(parameter) is { } single ? [single] : []),
    ]);

    /// <summary>Reads a request type: its constructor's parameters, or its properties if the constructor has none.</summary>
    public static IEnumerable<RequestParameter> From(Type request) =>
        request.GetConstructors().FirstOrDefault(constructor => constructor.GetParameters().Length > 0) is { } constructor
            ? constructor.GetParameters().Select(RequestParameter.TryFrom).OfType<RequestParameter>()
            : request.GetProperties().Select(RequestParameter.TryFrom).OfType<RequestParameter>();

    /// <summary>Finds everything that is wrong with a request's parameters: unknown, repeated, missing and malformed ones.</summary>
    public bool IsValid(HttpRequest request, [NotNullWhen(false)] out IReadOnlyDictionary<string, string[]>? errors)
    {
        var wrong = new QueryErrors();
        foreach (var parameter in _route)
        {
            if (parameter.Find(request.RouteValues[parameter.Name]?.ToString()) is { } error)
            {
                wrong.Add(parameter.Name, error);
            }
        }

        foreach (var (name, _) in request.Query)
        {
            if (name != CacheBuster && !_query.Exists(parameter => parameter.Name == name))
            {
                wrong.Add(name, _unknown);
            }
        }

        foreach (var parameter in _query)
        {
            if (parameter.Find(request.Query[parameter.Name]) is { } error)
            {
                wrong.Add(parameter.Name, error);
            }
        }

        errors = wrong.Any ? wrong.All : null;
        return errors is null;
    }

    /// <summary>
    /// Removes blank parameters, which HTML forms and generated clients send, from the query, and writes known words in their canonical
    /// case.
    /// </summary>
    public void Normalize(HttpRequest request)
    {
        if (_query.Exists(parameter => request.Query[parameter.Name].Any(value => parameter.Normalize(value) != value)))
        {
            request.Query = new QueryCollection(request.Query
                .Select(given => _query.Find(known => known.Name == given.Key) is { } parameter
                    ? KeyValuePair.Create(
                        given.Key, new StringValues([.. given.Value.Select(parameter.Normalize).Where(value => value is not null)]))
                    : given)
                .Where(given => given.Value.Count > 0)
                .ToDictionary(StringComparer.Ordinal));
        }
    }
}

/// <summary>Registers the parameter check of endpoints.</summary>
internal static class RequestParametersExtensions
{
    /// <summary>Checks this endpoint's parameters before its handler runs: see <see cref="UseParameterCheck"/>.</summary>
    public static RouteHandlerBuilder CheckParameters(this RouteHandlerBuilder endpoint)
    {
        endpoint.Add(builder => builder.Metadata.Add(RequestParameters.From(builder.Metadata.OfType<MethodInfo>().Single())));
        return endpoint;
    }

    /// <summary>
    /// Responds with one problem document that names every invalid parameter, for endpoints with <see cref="CheckParameters"/>. ASP.NET
    /// Core's own binding stops at the first.
    /// </summary>
    public static void UseParameterCheck(this WebApplication app) => app.Use(next => context =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RequestParameters>() is not { } parameters)
        {
            return next(context);
        }

        // ASP.NET Core does not know a charset in quotes, which are legal.
        if (MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) && type.Charset is ['"', ..])
        {
            type.Charset = HeaderUtilities.RemoveQuotes(type.Charset);
            context.Request.ContentType = type.ToString();
        }

        parameters.Normalize(context.Request);
        return parameters.IsValid(context.Request, out var errors) ? next(context) : Problems.WriteInvalidQueryAsync(context, errors);
    });
}
