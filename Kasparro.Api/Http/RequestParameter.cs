using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Kasparro.Api.Requests;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;

namespace Kasparro.Api.Http;

/// <summary>One parameter of an endpoint: how it is named, parsed and validated.</summary>
internal sealed class RequestParameter
{
    private readonly bool _isRequired;
    private readonly bool _isList;
    private readonly Func<string, bool> _parses;
    private readonly ValidationAttribute[] _rules;
    private readonly string _expected;

    private RequestParameter(string name, bool isRoute, ParameterInfo declared)
    {
        (Name, IsRoute) = (name, isRoute);
        _isList = declared.ParameterType.IsArray;
        var type = (_isList ? declared.ParameterType.GetElementType() : null) ?? Nullable.GetUnderlyingType(declared.ParameterType) ?? declared.ParameterType;
        Type = type;
        _isRequired = !isRoute && !_isList && !declared.HasDefaultValue && new NullabilityInfoContext().Create(declared).WriteState is NullabilityState.NotNull;
        _rules = [.. declared.GetCustomAttributes<ValidationAttribute>()];
        _parses = type == typeof(string)
            ? _ => true
            : typeof(RequestParameter).GetMethod(nameof(Parses), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type).CreateDelegate<Func<string, bool>>();
        _expected = Describe(declared, type, _rules);
    }

    /// <summary>The name in the URL.</summary>
    public string Name { get; }

    /// <summary>Whether it is a part of the path; else of the query.</summary>
    public bool IsRoute { get; }

    /// <summary>The type of its values.</summary>
    public Type Type { get; }

    /// <summary>The values that are allowed; null where there are too many to list.</summary>
    public IReadOnlyList<string>? Allowed => _rules.OfType<AllowedValuesAttribute>().SingleOrDefault()?.Values.Select(value => (string)value!).ToList();

    /// <summary>Reads a declaration; null where it is not one of a parameter.</summary>
    public static RequestParameter? TryFrom(ParameterInfo declared) =>
        declared.GetCustomAttribute<FromRouteAttribute>() is { } route ? new(route.Name ?? declared.Name!, isRoute: true, declared)
        : declared.GetCustomAttribute<FromQueryAttribute>() is { } query ? new(query.Name ?? declared.Name!, isRoute: false, declared)
        : null;

    /// <summary>What is wrong with the values that were sent; null where nothing is.</summary>
    public string? Find(StringValues values) =>
        values.Count == 0 ? IsRoute ? _expected : _isRequired ? $"must be given, and {_expected}" : null
        : values.Count > 1 && !_isList ? "must be given once"
        : values.All(value => _parses(value!) && Array.TrueForAll(_rules, rule => rule.IsValid(value))) ? null
        : _expected;

    private static bool Parses<T>(string text)
        where T : IParsable<T> => T.TryParse(text, CultureInfo.InvariantCulture, out _);

    private static string Describe(ParameterInfo declared, Type type, ValidationAttribute[] rules) =>
        (declared.GetCustomAttribute<ExpectedAttribute>() ?? type.GetCustomAttribute<ExpectedAttribute>())?.Text
        ?? (rules.OfType<AllowedValuesAttribute>().FirstOrDefault() is { } allowed ? $"must be one of {string.Join(", ", allowed.Values)}"
        : rules.OfType<RangeAttribute>().FirstOrDefault() is { } range ? string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {range.Minimum} to {range.Maximum}")
        : type == typeof(Guid) ? "must be a UUID"
        : type == typeof(bool) ? "must be true or false"
        : "must be a whole number");
}

/// <summary>What the values of a parameter, or of a type of parameters, must be: the text of an error.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class ExpectedAttribute(string text) : Attribute
{
    public string Text => text;
}
