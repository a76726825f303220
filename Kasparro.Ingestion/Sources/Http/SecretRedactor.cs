namespace Kasparro.Ingestion.Sources.Http;

/// <summary>The value of a setting that must not appear in logs, errors or stored records.</summary>
internal sealed record ConfiguredSecret(string Value)
{
    /// <summary>Masks the value, which a record's default text would show.</summary>
    public override string ToString() => SecretRedactor.Mask;
}

/// <summary>Removes the configured keys from texts that are shown or stored, since an upstream may echo what it was sent.</summary>
internal sealed class SecretRedactor(IEnumerable<ConfiguredSecret> secrets)
{
    public const string Mask = "[secret]";

    /// <summary>Shorter values are not keys, and would match parts of ordinary words.</summary>
    private const int MinLength = 6;

    private readonly string[] _values = [
        .. secrets.Select(secret => secret.Value).Where(value => value.Length >= MinLength).Distinct(StringComparer.Ordinal)];

    public string Redact(string text)
    {
        foreach (var value in _values)
        {
            text = text.Replace(value, Mask, StringComparison.Ordinal);
        }

        return text;
    }
}
