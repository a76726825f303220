using System.Text.Json;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Sources.CoinPaprika;

/// <summary>Maps the fields of CoinPaprika's records.</summary>
internal static class CoinPaprikaRecords
{
    /// <summary>Maps a coin from the list of all coins.</summary>
    public static void MapCoin(JsonElement coin, RecordBuilder draft)
    {
        foreach (var property in coin.EnumerateObject())
        {
            switch (property.Name)
            {
                case "id": draft.ExternalId = JsonRecord.Text(property.Value, "id", draft); break;
                case "name": draft.Name = JsonRecord.Text(property.Value, "name", draft); break;
                case "symbol": draft.Symbol = JsonRecord.Text(property.Value, "symbol", draft); break;
                case "rank": draft.Rank = JsonRecord.Number(property.Value, "rank", draft); break;
                case "is_active": draft.IsActive = JsonRecord.Flag(property.Value, "is_active", draft); break;
            }
        }
    }

    /// <summary>Maps a ticker.</summary>
    public static void MapTicker(JsonElement ticker, RecordBuilder draft)
    {
        foreach (var property in ticker.EnumerateObject())
        {
            switch (property.Name)
            {
                case "id": draft.ExternalId = JsonRecord.Text(property.Value, "id", draft); break;
                case "name": draft.Name = JsonRecord.Text(property.Value, "name", draft); break;
                case "symbol": draft.Symbol = JsonRecord.Text(property.Value, "symbol", draft); break;
                case "rank": draft.Rank = JsonRecord.Number(property.Value, "rank", draft); break;
                case "circulating_supply": draft.CirculatingSupply = JsonRecord.Number(property.Value, "circulating_supply", draft); break;
                case "total_supply": draft.TotalSupply = JsonRecord.Number(property.Value, "total_supply", draft); break;
                case "max_supply": draft.MaxSupply = JsonRecord.Number(property.Value, "max_supply", draft); break;
                case "last_updated": draft.QuotedAt = JsonRecord.Time(property.Value, "last_updated", draft); break;
                case "quotes": MapQuotes(property.Value, draft); break;
            }
        }
    }

    /// <summary>Maps a contract of a platform. An inactive contract belonged to the coin as well, and is equally good evidence.</summary>
    public static void MapContract(string platform, JsonElement contract, RecordBuilder draft)
    {
        draft.IsEvidence = true;
        foreach (var property in contract.EnumerateObject())
        {
            switch (property.Name)
            {
                case "id": draft.ExternalId = JsonRecord.Text(property.Value, "id", draft); break;
                case "address": draft.AddContract(platform, JsonRecord.Text(property.Value, "address", draft)); break;
            }
        }
    }

    private static void MapQuotes(JsonElement quotes, RecordBuilder draft)
    {
        if (quotes.ValueKind is not JsonValueKind.Object || !quotes.TryGetProperty("USD", out var usd)
            || usd.ValueKind is not JsonValueKind.Object)
        {
            draft.Reject(RejectionReason.MissingField, "quotes.USD is missing.");
            return;
        }

        foreach (var property in usd.EnumerateObject())
        {
            switch (property.Name)
            {
                case "price": draft.PriceUsd = JsonRecord.Price(property.Value, "quotes.USD.price", draft); break;
                case "volume_24h": draft.Volume24hUsd = JsonRecord.Number(property.Value, "quotes.USD.volume_24h", draft); break;
                case "market_cap": draft.MarketCapUsd = JsonRecord.Number(property.Value, "quotes.USD.market_cap", draft); break;
            }
        }
    }
}
