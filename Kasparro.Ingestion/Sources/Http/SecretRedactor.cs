namespace Kasparro.Ingestion.Sources.Http;

/// <summary>A setting's value that nobody may read in logs, errors or stored records.</summary>
internal sealed record ConfiguredSecret(string Value)
{
    /// <summary>A record's own text would show the value.</summary>
    public override string ToString() => SecretRedactor.Mask;
}

/// <summary>Takes the configured keys out of texts that are shown or stored: an upstream may send back what it was sent.</summary>
internal sealed class SecretRedactor(IEnumerable<ConfiguredSecret> secrets)
{
    public const string Mask = "[secret]";

    /// <summary>Shorter values are no keys, and would be found in every other word.</summary>
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
