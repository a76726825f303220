using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Kasparro.ServiceDefaults.Operators;

/// <summary>
/// The keys for routes that write: <c>Operator:Key</c>, and <c>Operator:PreviousKey</c> while a key is being rotated. They are reloaded
/// when the configuration changes, so that a rotation needs no restart.
/// </summary>
public sealed partial class OperatorKeys : IDisposable
{
    /// <summary>
    /// The minimum length of a key: 22 characters from Aspire's alphabet of 67 (<c>GenerateParameterDefault</c>) have at least 128 bits.
    /// </summary>
    public const int MinLength = 22;

    private readonly IConfiguration _configuration;
    private readonly ILogger<OperatorKeys> _logger;
    private readonly IDisposable _reloads;
    private volatile Key[] _keys;

    /// <summary>Reads the keys.</summary>
    /// <exception cref="InvalidOperationException">A key is shorter than <see cref="MinLength"/>.</exception>
    public OperatorKeys(IConfiguration configuration, ILogger<OperatorKeys> logger)
    {
        (_configuration, _logger) = (configuration, logger);
        _keys = Read(configuration);
        _reloads = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    /// <summary>Whether any key is configured; without one, every request is refused.</summary>
    public bool AreConfigured => _keys.Length > 0;

    /// <summary>
    /// The name of the key that <paramref name="presented"/> equals, <c>Key</c> or <c>PreviousKey</c>, or null. Takes constant time.
    /// </summary>
    public string? Find(string presented)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), digest);
        string? found = null;
        foreach (var key in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(digest, key.Digest))
            {
                found ??= key.Name;
            }
        }

        return found;
    }

    /// <inheritdoc />
    public void Dispose() => _reloads.Dispose();

    /// <summary>Finds mistakes in the keys of a configuration.</summary>
    internal static IEnumerable<string> FindMistakes(IConfiguration configuration) => FindMistakes(ReadTexts(configuration)).Concat(
        configuration["Operator:KeyDirectory"] is { Length: > 0 } directory && !Directory.Exists(directory)
            ? [$"Operator:KeyDirectory is '{directory}', which is not a folder."] : []);

    private static IEnumerable<string> FindMistakes(List<(string Name, string Value)> keys) => keys
        .Where(key => key.Value.Length < MinLength)
        .Select(key => $"Operator:{key.Name} has {key.Value.Length} characters; an operator key needs {MinLength} or more.");

    private static Key[] Read(IConfiguration configuration)
    {
        var keys = ReadTexts(configuration);
        return FindMistakes(keys).FirstOrDefault() is { } mistake
            ? throw new InvalidOperationException(mistake)
            : [.. keys.Select(key => new Key(key.Name, SHA256.HashData(Encoding.UTF8.GetBytes(key.Value))))];
    }

    // Files end with a newline, which is not part of the key.
    private static List<(string Name, string Value)> ReadTexts(IConfiguration configuration) =>
    [
        .. from name in (string[])["Key", "PreviousKey"]
           let value = configuration[$"Operator:{name}"]?.Trim()
           where !string.IsNullOrEmpty(value)
           select (name, value),
    ];

    private void Reload()
    {
        try
        {
            _keys = Read(_configuration);
        }
        catch (InvalidOperationException exception)
        {
            Log.Kept(_logger, exception.Message);
        }
    }

    private sealed record Key(string Name, byte[] Digest);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The operator keys stay as they were: {Reason}")]
        public static partial void Kept(ILogger logger, string reason);
    }
}
