using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Kasparro.Api.Http;

/// <summary>
/// The one check of what a request's parameters say: names that the route does not have, names given twice, values that are wrong. It knows
/// the route's parameters from the handler's signature (<c>[AsParameters]</c>), so that no route lists them again.
/// </summary>
internal static class QueryFilter
{
    /// <summary>What jQuery and others add to get past caches; passed over on every route.</summary>
    public const string CacheBuster = "_";

    /// <summary>Checks the parameters of every request before the handler runs.</summary>
    public static RouteHandlerBuilder CheckParameters(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilterFactory(static (factory, next) =>
        {
            var parameters = Parameters(factory.MethodInfo);
            return invocation =>
            {
                var errors = new QueryErrors();
                Check(invocation, parameters, errors);
                return errors.Any ? ValueTask.FromResult<object?>(Problems.Invalid(errors)) : next(invocation);
            };
        });

    /// <summary>For routes whose handlers have no parameters: naming one is a mistake that is told, not passed over.</summary>
    public static RouteHandlerBuilder RefusingParameters(this RouteHandlerBuilder endpoint) => endpoint.CheckParameters();

    /// <summary>What an error says of a name that the route does not have.</summary>
    public static string Unknown(IReadOnlyCollection<string> known) => known.Count == 0
        ? "is not a parameter of this resource; it has none"
        : $"is not a parameter of this resource; those are {string.Join(", ", known)}";

    private static void Check(EndpointFilterInvocationContext invocation, IReadOnlyList<Parameter> parameters, QueryErrors errors)
    {
        string[] known = [.. parameters.Where(parameter => parameter.IsInQuery).Select(parameter => parameter.Name)];
        foreach (var (name, values) in invocation.HttpContext.Request.Query)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                if (name != CacheBuster)
                {
                    errors.Add(name, Unknown(known));
                }
            }
            else if (values.Count > 1)
            {
                errors.Add(name, "must be given once");
            }
        }

        foreach (var parameter in parameters)
        {
            var given = parameter.Read(invocation.Arguments);
            if (!errors.Has(parameter.Name)
                && (given?.Error is { } error ? parameter.Describe(error) : parameter.FindMistake(given?.Boxed)) is { } mistake)
            {
                errors.Add(parameter.Name, mistake);
            }
        }

        foreach (var request in invocation.Arguments.OfType<ICheckedRequest>())
        {
            if (!errors.Any)
            {
                request.Check(errors);
            }
        }
    }

    private static List<Parameter> Parameters(MethodInfo handler)
    {
        List<Parameter> found = [];
        foreach (var argument in handler.GetParameters())
        {
            var position = argument.Position;
            if (argument.IsDefined(typeof(AsParametersAttribute)))
            {
                found.AddRange(argument.ParameterType.GetProperties()
                    .Where(property => IsValue(property.PropertyType))
                    .Select(property =>
                        new Parameter(property, property.Name, arguments => (IQueryValue?)property.GetValue(arguments[position]))));
            }
            else if (IsValue(argument.ParameterType))
            {
                found.Add(new(argument, argument.Name!, arguments => (IQueryValue?)arguments[position]));
            }
        }

        return found;
    }

    private static bool IsValue(Type type) => typeof(IQueryValue).IsAssignableFrom(Nullable.GetUnderlyingType(type) ?? type);

    private sealed class Parameter(ICustomAttributeProvider member, string name, Func<IList<object?>, IQueryValue?> read)
    {
        private readonly RangeAttribute? _range = Attribute<RangeAttribute>(member);
        private readonly StringLengthAttribute? _length = Attribute<StringLengthAttribute>(member);
        private readonly RequiredAttribute? _required = Attribute<RequiredAttribute>(member);

        public bool IsInQuery { get; } = Attribute<IFromRouteMetadata>(member) is null;

        public string Name { get; } = Attribute<IFromRouteMetadata>(member)?.Name ?? Attribute<IFromQueryMetadata>(member)?.Name ?? name;

        public IQueryValue? Read(IList<object?> arguments) => read(arguments);

        public string Describe(string error) => _range is null
            ? error
            : string.Create(CultureInfo.InvariantCulture, $"{error} from {_range.Minimum} to {_range.Maximum}");

        public string? FindMistake(object? value) =>
            value is null ? _required is null ? null : _required.ErrorMessage ?? "must be given"
            : _range is not null && !_range.IsValid(value) ? Describe("must be a whole number")
            : _length is not null && value is string text && text.Length > _length.MaximumLength
                ? string.Create(CultureInfo.InvariantCulture, $"must not be longer than {_length.MaximumLength} characters")
            : null;

        private static T? Attribute<T>(ICustomAttributeProvider member)
            where T : class => member.GetCustomAttributes(inherit: true).OfType<T>().FirstOrDefault();
    }
}
