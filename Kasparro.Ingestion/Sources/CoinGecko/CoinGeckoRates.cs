using System.Text.Json;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Sources.CoinGecko;

/// <summary>Reads CoinGecko's exchange rates: an object with one property per currency.</summary>
internal static class CoinGeckoRates
{
    private const int MaxCode = 20;
    private const string Usd = "usd";

    /// <summary>Reads the rates as a single page; unreadable entries are among its rejections.</summary>
    /// <param name="response">The response.</param>
    /// <param name="fetchedAt">When the response arrived.</param>
    /// <exception cref="SourceException">The response has no rate of the US dollar, to which all others are related.</exception>
    public static SourcePage Read(JsonElement response, DateTimeOffset fetchedAt)
    {
        var rates = new Dictionary<string, RateRecord>(StringComparer.Ordinal);
        var rejections = new List<Rejection>();
        var position = 0;
        foreach (var property in Entries(response))
        {
            position++;
            if (TryRead(property, out var fault) is { } rate)
            {
                rates[rate.Currency] = rate;
            }
            else
            {
                rejections.Add(new(position, null, RejectionReason.WrongType, fault, property.Value.GetRawText()));
            }
        }

        return rates.ContainsKey(Usd)
            ? new()
            {
                Number = 0,
                Records = [],
                Rejections = rejections,
                Rates = [.. rates.Values],
                FetchedAt = fetchedAt,
                RecordsThrough = position,
            }
            : throw new SourceException("GET exchange_rates has no rate of usd: nothing can be converted by it.");
    }

    private static IEnumerable<JsonProperty> Entries(JsonElement response) =>
        response.ValueKind is JsonValueKind.Object && response.TryGetProperty("rates", out var rates)
            && rates.ValueKind is JsonValueKind.Object
            ? rates.EnumerateObject()
            : [];

    private static RateRecord? TryRead(JsonProperty property, out string fault)
    {
        double? value = null;
        var code = JsonRecord.NameOrNull(property)?.Trim().ToLowerInvariant() ?? "";
        fault = code.Length is 0 or > MaxCode || !code.All(char.IsAsciiLetterOrDigit) ? $"rates.{code} is not a currency's code."
            : property.Value.ValueKind is not JsonValueKind.Object ? $"rates.{code} is not an object."
            : !property.Value.TryGetProperty("value", out var sent) || !JsonRecord.TryNumber(sent, out value)
                || !(value > 0 && double.IsFinite(value.Value)) ? $"rates.{code}.value is not a number above 0."
            : "";
        return fault.Length > 0 ? null : new(
            code, Text("name", code.ToUpperInvariant()), Text("unit", code.ToUpperInvariant()), Text("type", "fiat"), value!.Value);

        string Text(string name, string otherwise) =>
            property.Value.TryGetProperty(name, out var text) && JsonRecord.TextOrNull(text) is { Length: > 0 and <= 100 } value
                ? value.Replace("\0", "", StringComparison.Ordinal)
                : otherwise;
    }
}
