using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

public class ParameterResource : Resource, IValueProvider, IManifestExpressionProvider
{
    private readonly Lazy<string> _value;

    internal ParameterResource(string name, Func<ParameterResource, string> read, bool secret) : base(name)
    {
        Secret = secret;
        _value = new(() => read(this));
    }

    public bool Secret { get; }

    public string ValueExpression => $"{{{Name}.value}}";

    /// <summary>How the value is made up where configuration has none; a manifest tells it to the deployer.</summary>
    internal GeneratedPassword? Generated { get; init; }

    /// <summary>Where a generated value lasts between runs: beside the data that it protects.</summary>
    internal DataVolumeAnnotation? KeptIn { get; set; }

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(_value.Value);
}

internal sealed record GeneratedPassword(bool Special)
{
    public const int MinLength = 22;

    // Aspire's alphabet: nothing that reads like something else, nothing that means something in a URL or a connection string.
    private const string Plain = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ0123456789";
    private const string Specials = "-_.{}~()*+!";

    public string Read(DataVolumeAnnotation? volume)
    {
        var password = RandomNumberGenerator.GetString(Special ? Plain + Specials : Plain, MinLength);
        if (volume is null)
        {
            return password;
        }

        var file = Path.Combine(volume.Folder, "password");
        if (File.Exists(file))
        {
            return File.ReadAllText(file);
        }

        if (Directory.Exists(Path.Combine(volume.Folder, "data")))
        {
            throw new DistributedApplicationException($"{file} is missing, so nobody can log in to the data beside it: put it back, or delete {volume.Folder}.");
        }

        Directory.CreateDirectory(volume.Folder);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(file, options);
        writer.Write(password);
        return password;
    }
}
