using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;

namespace Kasparro.Api.Http;

/// <summary>The part of a request that contains a parameter.</summary>
internal enum ParameterSource
{
    Path,
    Query,
    Header,
}

/// <summary>A parameter of an endpoint: its name, type and validation rules, taken from its declaration and attributes.</summary>
internal sealed class RequestParameter
{
    private readonly Func<string, string?> _find;
    private readonly string _expected;

    private RequestParameter(string name, ParameterSource source, Declaration declared)
    {
        (Name, Source) = (name, source);
        IsList = declared.Type.IsArray;
        Type = (IsList ? declared.Type.GetElementType() : Nullable.GetUnderlyingType(declared.Type)) ?? declared.Type;
        Rules = [.. declared.Attributes.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>()];
        IsRequired = source is ParameterSource.Path || (!IsList && !declared.HasDefault) || Rules.OfType<RequiredAttribute>().Any();
        Default = (Get<DefaultValueAttribute>(declared.Attributes) ?? Type.GetCustomAttribute<DefaultValueAttribute>())?.Value
            ?? declared.Default;
        Description = Get<DescriptionAttribute>(declared.Attributes)?.Description;
        _expected = DescribeExpected(declared.Attributes);
        // Stricter than ASP.NET's binding, which accepts signs, spaces and braces.
        _find = Type == typeof(AssetIdentifier) ? AssetIdentifier.FindError
            : Type == typeof(string) ? _ => null
            : Type == typeof(Guid) ? text => Guid.TryParseExact(text, "D", out _) ? null : _expected
            : Type == typeof(int) ? text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : _expected
            : Type == typeof(long) ? text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : _expected
            : FindByParsing();
    }

    /// <summary>The name in the request.</summary>
    public string Name { get; }

    public ParameterSource Source { get; }

    /// <summary>The type of the parameter's values.</summary>
    public Type Type { get; }

    /// <summary>Whether it may be given several times.</summary>
    public bool IsList { get; }

    public bool IsRequired { get; }

    /// <summary>The value that is used if the parameter is not given, or null if there is none.</summary>
    public object? Default { get; }

    public string? Description { get; }

    public IReadOnlyList<ValidationAttribute> Rules { get; }

    /// <summary>
    /// Reads a parameter of a handler, or of a record, whose attributes are on its property; null if it is not a request parameter.
    /// </summary>
    public static RequestParameter? TryFrom(ParameterInfo declared) => TryFrom(new Declaration(
        declared.ParameterType,
        (ICustomAttributeProvider?)declared.Member.DeclaringType?.GetProperty(declared.Name!) ?? declared,
        declared.HasDefaultValue || new NullabilityInfoContext().Create(declared).WriteState is not NullabilityState.NotNull,
        declared.HasDefaultValue ? declared.DefaultValue : null));

    /// <summary>Reads a property of a request class; null if it is not a request parameter.</summary>
    public static RequestParameter? TryFrom(PropertyInfo declared) => TryFrom(new Declaration(
        declared.PropertyType,
        declared,
        new NullabilityInfoContext().Create(declared).WriteState is not NullabilityState.NotNull,
        Default: null));

    /// <summary>
    /// Returns the text as it is bound: trimmed unless it is text, and a known word in its canonical case. Null if it is blank.
    /// </summary>
    public string? Normalize(string? text) => string.IsNullOrWhiteSpace(text)
        ? null
        : Rules.OfType<AllowedValuesAttribute>().FirstOrDefault()?.Values.OfType<string>()
            .FirstOrDefault(known => known.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase))
            ?? (Type == typeof(string) ? text : text.Trim());

    /// <summary>Returns what is wrong with the values that were sent, or null if they are valid.</summary>
    public string? Find(StringValues values) =>
        values.Count == 0 ? (Source, IsRequired) switch
        {
            (ParameterSource.Path, _) => _expected,
            (_, true) => Rules.OfType<RequiredAttribute>().FirstOrDefault()?.ErrorMessage ?? $"must be given, and {_expected}",
            _ => null,
        }
        : values.Count > 1 && !IsList ? "must be given once"
        : values.Select(value => Find(value!)).FirstOrDefault(error => error is not null);

    // Parsed before the rules are checked: RangeAttribute throws for numbers that are too long. .NET's parsers ignore a NUL at the end.
    private string? Find(string value) =>
        Type != typeof(string) && value.Contains('\0') ? _expected
        : _find(value) is { } error ? Rules.OfType<RangeAttribute>().Any() ? _expected : error
        : Rules.All(rule => rule.IsValid(value)) ? null
        : _expected;

    private static RequestParameter? TryFrom(Declaration declared) =>
        Get<FromRouteAttribute>(declared.Attributes) is { } route ? new(route.Name!, ParameterSource.Path, declared)
        : Get<FromQueryAttribute>(declared.Attributes) is { } query ? new(query.Name!, ParameterSource.Query, declared)
        : Get<FromHeaderAttribute>(declared.Attributes) is { } header ? new(header.Name!, ParameterSource.Header, declared)
        : null;

    // Uses the method that ASP.NET uses for binding.
    private Func<string, string?> FindByParsing()
    {
        var parse = Type.GetMethod("TryParse", [typeof(string), typeof(IFormatProvider), Type.MakeByRefType()])!;
        return text => parse.Invoke(null, [text, CultureInfo.InvariantCulture, null]) is true ? null : _expected;
    }

    private static T? Get<T>(ICustomAttributeProvider attributes)
        where T : Attribute => (T?)attributes.GetCustomAttributes(typeof(T), inherit: true).FirstOrDefault();

    private string DescribeExpected(ICustomAttributeProvider attributes) =>
        (Get<ExpectedAttribute>(attributes) ?? Type.GetCustomAttribute<ExpectedAttribute>())?.Text
        ?? (Rules.OfType<AllowedValuesAttribute>().FirstOrDefault() is { } allowed ? $"must be one of {string.Join(", ", allowed.Values)}"
        : Rules.OfType<RangeAttribute>().FirstOrDefault() is { } range
            ? string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {range.Minimum} to {range.Maximum}")
        : Type == typeof(Guid) ? "must be a UUID"
        : "must be a whole number");
}

/// <summary>The declaration of a parameter.</summary>
internal sealed record Declaration(Type Type, ICustomAttributeProvider Attributes, bool HasDefault, object? Default);

/// <summary>The error for invalid values of a parameter, or of a parameter type: what the values must be.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter | AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class ExpectedAttribute(string text) : Attribute
{
    public string Text => text;
}
