using System.Globalization;
using System.Text.Json;

namespace Kasparro.Ingestion.Sources.CoinGecko;

/// <summary>Maps the fields of CoinGecko's records.</summary>
internal static class CoinGeckoRecords
{
    /// <summary>From this value on, a double does not hold every integer exactly.</summary>
    private const double MaxChainId = 1L << 53;

    /// <summary>The maximum length of a logo's URL; recorded ones reach 282.</summary>
    private const int MaxLogoUrl = 2_000;

    /// <summary>Maps a coin from the list of all coins.</summary>
    public static void MapListed(JsonElement coin, RecordBuilder draft)
    {
        foreach (var property in coin.EnumerateObject())
        {
            switch (property.Name)
            {
                case "id": draft.ExternalId = JsonRecord.Text(property.Value, "id", draft); break;
                case "symbol": draft.Symbol = JsonRecord.Text(property.Value, "symbol", draft)?.ToUpperInvariant(); break;
                case "name": draft.Name = JsonRecord.Text(property.Value, "name", draft); break;
                case "platforms": MapPlatforms(property.Value, draft); break;
            }
        }
    }

    /// <summary>Maps a coin from a market page.</summary>
    public static void MapMarket(JsonElement coin, RecordBuilder draft)
    {
        foreach (var property in coin.EnumerateObject())
        {
            switch (property.Name)
            {
                case "id": draft.ExternalId = JsonRecord.Text(property.Value, "id", draft); break;
                case "symbol":
                    draft.Symbol =
                    JsonRecord.Text(property.Value, "symbol", draft)?.ToUpperInvariant(); break; // All of them are sent in lower case.
                case "name": draft.Name = JsonRecord.Text(property.Value, "name", draft); break;
                case "image": draft.LogoUrl = ReadLogoUrl(property.Value, draft); break;
                case "market_cap_rank": draft.Rank = JsonRecord.Number(property.Value, "market_cap_rank", draft); break;
                case "current_price": draft.PriceUsd = JsonRecord.Price(property.Value, "current_price", draft); break;
                case "market_cap": draft.MarketCapUsd = JsonRecord.Number(property.Value, "market_cap", draft); break;
                case "total_volume": draft.Volume24hUsd = JsonRecord.Number(property.Value, "total_volume", draft); break;
                case "circulating_supply": draft.CirculatingSupply = JsonRecord.Number(property.Value, "circulating_supply", draft); break;
                case "total_supply": draft.TotalSupply = JsonRecord.Number(property.Value, "total_supply", draft); break;
                case "max_supply": draft.MaxSupply = JsonRecord.Number(property.Value, "max_supply", draft); break;
                case "last_updated": draft.QuotedAt = JsonRecord.Time(property.Value, "last_updated", draft); break;
            }
        }
    }

    /// <summary>
    /// Maps a platform. If it contradicts the platform map, the map wins, and the contradiction is reported as an unusable value.
    /// </summary>
    public static void MapPlatform(JsonElement platform, RecordBuilder draft)
    {
        draft.IsEvidence = true;
        (double? chain, string? coin) = (null, null);
        foreach (var property in platform.EnumerateObject())
        {
            switch (property.Name)
            {
                case "id": draft.ExternalId = JsonRecord.Text(property.Value, "id", draft); break;
                case "name": draft.Name = JsonRecord.OptionalText(property.Value, "name", draft); break;
                case "chain_identifier": chain = JsonRecord.Number(property.Value, "chain_identifier", draft); break;
                case "native_coin_id": coin = JsonRecord.OptionalText(property.Value, "native_coin_id", draft)?.Trim(); break;
            }
        }

        if (draft.ExternalId is { Length: > 0 } id)
        {
            coin = coin is "" ? null : coin;
            draft.Platform = new(FindChainId(id, chain, draft), coin);
            if (PlatformMap.Find(id) is { NativeCoin: { } known } entry && entry.Key == id && coin is not null && coin != known)
            {
                draft.Discard($"native_coin_id of {id}", known, "another coin than the platform map's", coin);
            }
        }
    }

    // CoinGecko sends "missing_large.png" for a coin without a logo.
    private static string ReadLogoUrl(JsonElement image, RecordBuilder draft) =>
        draft.Reason is null && image.ValueKind is JsonValueKind.String && image.GetString() is { Length: <= MaxLogoUrl } url
            && url.StartsWith("https://", StringComparison.Ordinal)
            ? url
            : "";

    private static long? FindChainId(string id, double? sent, RecordBuilder draft)
    {
        if (sent is not (>= 1 and < MaxChainId and { } whole) || whole != Math.Floor(whole))
        {
            return null;
        }

        var chainId = (long)whole;
        var mapped = PlatformMap.Find(id) is { } entry && entry.Key == id ? entry.ChainId : null;
        var (expected, found) = mapped is not null && mapped != chainId
            ? (mapped.Value.ToString(CultureInfo.InvariantCulture), "another chain id than the platform map's")
            : PlatformMap.FindByChainId(chainId) is { } other && other.Key != id
                ? ("a chain id of its own", $"the chain id of {other.Key}") : (null, "");
        if (expected is null)
        {
            return chainId;
        }

        draft.Discard($"chain_identifier of {id}", expected, found, chainId.ToString(CultureInfo.InvariantCulture));
        return null;
    }

    private static void MapPlatforms(JsonElement platforms, RecordBuilder draft)
    {
        if (platforms.ValueKind is not (JsonValueKind.Null or JsonValueKind.Object))
        {
            JsonRecord.Discard(platforms, "platforms", "object", draft);
            return;
        }

        draft.Contracts = [];
        if (platforms.ValueKind is JsonValueKind.Null || draft.Reason is not null)
        {
            return;
        }

        foreach (var platform in platforms.EnumerateObject())
        {
            draft.AddContract(PlatformMap.Canonical(SourceNames.CoinGecko, platform.Name),
                JsonRecord.OptionalText(platform.Value, $"platforms.{platform.Name}", draft));
        }
    }
}
