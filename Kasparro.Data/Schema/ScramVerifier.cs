using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kasparro.Data.Schema;

/// <summary>
/// PostgreSQL's form of a stored password (RFC 5802, RFC 7677). The server may log a statement that sets it, as it does not contain the
/// password.
/// </summary>
internal static class ScramVerifier
{
    private const int Iterations = 4096;
    private const int SaltLength = 16;

    /// <summary>Creates the verifier of <paramref name="password"/> with a new salt.</summary>
    public static string Create(string password) => Create(password, RandomNumberGenerator.GetBytes(SaltLength));

    internal static string Create(string password, byte[] salt)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC)), salt, Iterations, HashAlgorithmName.SHA256,
            SHA256.HashSizeInBytes);
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}"
                + $"${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}");
    }
}
