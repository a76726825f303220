namespace Kasparro.Api.Http;

/// <summary>What a <see cref="Choice{T}"/> chooses from.</summary>
internal interface IChoices
{
    /// <summary>The values, as the API writes them.</summary>
    static abstract IReadOnlyList<string> All { get; }
}

/// <summary>One of a few known values that a parameter gives, in any case.</summary>
/// <param name="Value">The value as the API writes it; null where it is absent or wrong.</param>
/// <param name="Error">What is wrong with it.</param>
/// <typeparam name="T">The known values.</typeparam>
internal readonly record struct Choice<T>(string? Value, string? Error) : IQueryValue
    where T : IChoices
{
    object? IQueryValue.Boxed => Value;

    /// <summary>Reads one of the known values.</summary>
    public static bool TryParse(string? text, IFormatProvider? provider, out Choice<T> choice)
    {
        var name = text?.Trim();
        choice = string.IsNullOrEmpty(name) ? default
            : T.All.FirstOrDefault(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase)) is { } value ? new(value, null)
            : new(null, $"must be one of {string.Join(", ", T.All)}");
        return true;
    }
}

/// <summary>The names of the sources.</summary>
internal sealed class Sources : IChoices
{
    /// <inheritdoc />
    public static IReadOnlyList<string> All { get; } = [.. Kasparro.Catalogue.SourceNames.All];
}
