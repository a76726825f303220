using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Kasparro.ServiceDefaults.Settings;

/// <summary>
/// A connection string in the form that hosting providers use, <c>scheme://user:password@host:port/path?name=value</c> (RFC 3986). It is
/// honoured completely or rejected: a part that a client silently ignores could select the database or the validation of a certificate.
/// </summary>
/// <param name="Scheme">The scheme, in lower case.</param>
/// <param name="User">The user name, decoded, or null if there is none.</param>
/// <param name="Password">The password, decoded, or null if there is none.</param>
/// <param name="Host">The host, decoded; an IPv6 address without its brackets.</param>
/// <param name="Port">The port, or null for the scheme's default.</param>
/// <param name="Path">The path after the first slash, decoded, without trailing slashes.</param>
/// <param name="Parameters">The query's parameters, decoded; no name occurs twice.</param>
internal sealed partial record ConnectionUri(
    string Scheme, string? User, string? Password, string Host, int? Port, string Path,
    IReadOnlyList<KeyValuePair<string, string>> Parameters)
{
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a connection string has this form; the clients' own forms have no scheme.</summary>
    public static bool IsUri(string? text) => text is not null && Beginning().IsMatch(text);

    /// <summary>Parses a connection string for which <see cref="IsUri"/> is true.</summary>
    /// <exception cref="ConnectionUriException">The text is malformed, or has more than one host.</exception>
    public static ConnectionUri Parse(string text)
    {
        if (Form().Match(text.Trim()) is not { Success: true } parts)
        {
            throw Unreadable();
        }

        int? port = null;
        if (parts.Groups["port"].Value is { Length: > 0 } digits)
        {
            port = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number is > 0 and <= ushort.MaxValue
                ? number
                : throw Unreadable();
        }

        var host = Decode(parts.Groups["host"].Value.Trim('[', ']'));
        if (host.Length == 0 || host.AsSpan().ContainsAny(",;= "))
        {
            throw Unreadable();
        }

        return new(
            parts.Groups["scheme"].Value.ToLowerInvariant(),
            Optional(parts.Groups["user"]),
            Optional(parts.Groups["password"]),
            host,
            port,
            Decode(parts.Groups["path"].Value.TrimEnd('/')),
            ReadParameters(parts.Groups["query"].Value));
    }

    private static List<KeyValuePair<string, string>> ReadParameters(string query)
    {
        var parameters = new List<KeyValuePair<string, string>>();
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var left, var right] ? (Decode(left), Decode(right)) : (Decode(pair), "");
            if (!Name().IsMatch(name) || parameters.Exists(known => string.Equals(known.Key, name, StringComparison.OrdinalIgnoreCase)))
            {
                throw Unreadable();
            }

            parameters.Add(new(name, value));
        }

        return parameters;
    }

    private static string? Optional(Group part) => part is { Success: true, Length: > 0 } ? Decode(part.Value) : null;

    private static string Decode(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                var length = char.IsSurrogatePair(text, i) ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text, i, length));
                i += length - 1;
            }
            else if (i + 2 < text.Length
                && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                i += 2;
            }
            else
            {
                throw Unreadable();
            }
        }

        try
        {
            var decoded = Utf8.GetString([.. bytes]);
            return decoded.Any(char.IsControl) ? throw Unreadable() : decoded;
        }
        catch (DecoderFallbackException)
        {
            throw Unreadable();
        }
    }

    // Contains nothing of the text, any part of which may belong to a password.
    private static ConnectionUriException Unreadable() => new(
        "is not a URL of the form scheme://user:password@host:port/database?name=value with one host, each name once, and all special "
        + "characters of the user name and the password percent-encoded (such as %2F for a slash).");

    [GeneratedRegex(@"^\s*[A-Za-z][A-Za-z0-9+.-]*://", RegexOptions.None, 1000)]
    private static partial Regex Beginning();

    [GeneratedRegex(
        @"^(?<scheme>[^:/?#]+)://((?<user>[^:@/?#]*)(:(?<password>[^@/?#]*))?@)?"
        + @"(?<host>\[[0-9A-Fa-f:.]+\]|[^:@/?#\[\]]*)(:(?<port>[0-9]*))?"
        + @"(/(?<path>[^/?#@][^?#@]*)?/?)?(\?(?<query>[^#]*))?$",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();

    [GeneratedRegex("^[A-Za-z_]+$", RegexOptions.None, 1000)]
    private static partial Regex Name();
}

/// <summary>
/// A connection URL cannot be honoured. The message continues a sentence that begins with the setting's name, and contains no secret.
/// </summary>
public sealed class ConnectionUriException(string message) : FormatException(message);
