using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Kasparro.Tests.AppHost.Local;

/// <summary>What an assembly offers to others, a line for every type and every member, as one would declare it.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(int)] = "int",
    };

    private static readonly Dictionary<string, string> Operators = new(StringComparer.Ordinal)
    {
        ["op_Equality"] = "operator ==",
        ["op_Inequality"] = "operator !=",
        ["op_Implicit"] = "implicit operator",
    };

    public static IEnumerable<string> Of(Assembly assembly) => assembly.GetExportedTypes()
        .SelectMany(type => MembersOf(type).Select(member => $"{NameOf(type)}.{member}").Prepend(Declaration(type)))
        .Order(StringComparer.Ordinal);

    private static string Declaration(Type type)
    {
        var kind = type switch
        {
            { IsInterface: true } => "interface",
            { IsEnum: true } => "enum",
            { IsValueType: true, IsByRefLike: true } => "ref struct",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        var parent = type.BaseType is null || type.BaseType == typeof(object) || type.IsValueType ? "" : $" : {NameOf(type.BaseType)}";
        return $"{NameOf(type)} {kind}{parent}{Constraints(type.GetGenericArguments())}";
    }

    private static IEnumerable<string> MembersOf(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => $"{field.Name} = {Convert.ToInt32(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}");
        }

        // What the compiler makes for records, and no source names.
        var members = type.GetMembers(Declared).Where(member => !member.Name.Contains('<', StringComparison.Ordinal) && !member.Name.Contains('.', StringComparison.Ordinal));
        return members.Select(Describe).Concat(type.GetConstructors(Declared).Where(IsVisible).Select(constructor => $"ctor({Parameters(constructor)})")).OfType<string>();
    }

    private static string? Describe(MemberInfo member) => member switch
    {
        FieldInfo field when field.IsPublic || field.IsFamily => $"{field.Name} : {(field.IsStatic ? "static " : "")}{NameOf(field.FieldType)}{Mark(new NullabilityInfoContext().Create(field))}",
        PropertyInfo property when property.GetAccessors(nonPublic: true).Any(IsVisible) => Describe(property),
        EventInfo happening when IsVisible(happening.AddMethod!) => $"{happening.Name} : event {NameOf(happening.EventHandlerType!)}",
        MethodInfo method when IsVisible(method) && (!method.IsSpecialName || Operators.ContainsKey(method.Name)) => Describe(method),
        _ => null,
    };

    private static string Describe(PropertyInfo property)
    {
        var getter = property.GetMethod is { } get && IsVisible(get) ? "get; " : "";
        var initOnly = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        var setter = property.SetMethod is { } set && IsVisible(set) ? initOnly ? "init; " : "set; " : "";
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        return $"{property.Name} {{ {getter}{setter}}} : {required}{Modifiers(property.GetAccessors(nonPublic: true)[0])}{NameOf(property.PropertyType)}"
            + Mark(new NullabilityInfoContext().Create(property));
    }

    private static string Describe(MethodInfo method) =>
        $"{(Operators.TryGetValue(method.Name, out var sign) ? sign : method.Name)}{TypeParameters(method.GetGenericArguments())}({Parameters(method)})"
        + $" : {Modifiers(method)}{NameOf(method.ReturnType)}{Mark(new NullabilityInfoContext().Create(method.ReturnParameter))}{Constraints(method.GetGenericArguments())}";

    private static string Parameters(MethodBase method)
    {
        var extends = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return extends + string.Join(", ", method.GetParameters().Select(parameter =>
            (parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")
            + (parameter is { ParameterType.IsByRef: true, IsOut: true } ? "out " : parameter is { ParameterType.IsByRef: true, IsIn: true } ? "in " : "")
            + $"{NameOf(parameter.ParameterType)}{Mark(new NullabilityInfoContext().Create(parameter))} {parameter.Name}"
            + (parameter.HasDefaultValue ? $" = {Literal(parameter)}" : "")));
    }

    private static string Literal(ParameterInfo parameter) => parameter.DefaultValue switch
    {
        null => parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null ? "default" : "null",
        bool value => value ? "true" : "false",
        string text => $"\"{text}\"",
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Modifiers(MethodBase method) => method switch
    {
        { DeclaringType.IsInterface: true, IsStatic: false } => "",
        { IsStatic: true } => "static ",
        { IsAbstract: true } => "abstract ",
        MethodInfo info when info.GetBaseDefinition() != info => "override ",
        { IsVirtual: true, IsFinal: false } => "virtual ",
        _ => "",
    };

    private static string Constraints(Type[] arguments) => string.Concat(arguments.Where(argument => argument.IsGenericParameter).Select(argument =>
    {
        var attributes = argument.GenericParameterAttributes;
        string?[] constraints =
        [
            attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? "class" : null,
            .. argument.GetGenericParameterConstraints().Where(constraint => constraint != typeof(ValueType)).Select(NameOf).Order(StringComparer.Ordinal),
            attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint) ? "struct"
                : attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) ? "new()" : null,
        ];
        var all = string.Join(", ", constraints.OfType<string>());
        return all.Length > 0 ? $" where {argument.Name} : {all}" : "";
    }));

    private static string NameOf(Type type)
    {
        if (type.IsByRef)
        {
            return NameOf(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return $"{NameOf(type.GetElementType()!)}[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return $"{NameOf(underlying)}?";
        }

        if (type.IsGenericParameter || Keywords.ContainsKey(type))
        {
            return type.IsGenericParameter ? type.Name : Keywords[type];
        }

        var outer = type.DeclaringType is { } declaring ? $"{NameOf(declaring)}." : type.Namespace is { } space ? $"{space}." : "";
        return $"{outer}{type.Name.Split('`')[0]}{TypeParameters(type.GetGenericArguments())}";
    }

    private static string TypeParameters(Type[] arguments) => arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(NameOf))}>";

    private static string Mark(NullabilityInfo info) => info is { Type.IsValueType: false, ReadState: NullabilityState.Nullable } && !info.Type.IsGenericParameter ? "?" : "";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;
}
