using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kasparro.Api.Http;

namespace Kasparro.Api.Vendors;

/// <summary>Reads times as the vendors' parameters give them (Unix seconds, a date, or RFC 3339), and formats them.</summary>
internal static class VendorTime
{
    private const long Latest = 253_402_300_799;

    /// <summary>Reads a time, as UTC.</summary>
    public static bool TryParse(string? text, out DateTime time)
    {
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and <= Latest)
        {
            time = DateTimeOffset.FromUnixTimeSeconds((long)seconds).UtcDateTime;
            return true;
        }

        return Rfc3339.TryParse(text, out time);
    }

    /// <summary>Formats a time as CoinGecko does.</summary>
    public static string? CoinGecko(DateTime? time) => time?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Formats a time as CoinPaprika does.</summary>
    [return: NotNullIfNotNull(nameof(time))]
    public static string? CoinPaprika(DateTime? time) => time?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
