using System.Text.Json;

namespace Kasparro.Ingestion.Sources.CoinGecko;

/// <summary>Reads the fields of CoinGecko's records.</summary>
internal static class CoinGeckoRecords
{
    /// <summary>Reads a coin of the list of all coins.</summary>
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

    /// <summary>Reads a coin of a market page.</summary>
    public static void MapMarket(JsonElement coin, RecordBuilder draft)
    {
        foreach (var property in coin.EnumerateObject())
        {
            switch (property.Name)
            {
                case "id": draft.ExternalId = JsonRecord.Text(property.Value, "id", draft); break;
                case "symbol":
                    draft.Symbol =
                    JsonRecord.Text(property.Value, "symbol", draft)?.ToUpperInvariant(); break; // Sent in lower case, all of them.
                case "name": draft.Name = JsonRecord.Text(property.Value, "name", draft); break;
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
