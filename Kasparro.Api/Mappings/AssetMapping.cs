using System.ComponentModel;
using System.Text.Json.Serialization;
using Kasparro.Api.Assets;

namespace Kasparro.Api.Mappings;

[Description("An asset with its ids in all vocabularies.")]
internal sealed record AssetMapping(
    [property: Description("The asset's id.")] Guid AssetId,
    [property: Description("The ticker symbol as the best source spells it; not unique.")] string Symbol,
    [property: Description("The name as the best source spells it.")] string Name,
    [property: Description("Whether any source still lists it as active.")] bool IsActive,
    [property: Description("CoinPaprika's ids."), JsonPropertyName("coinpaprika")] IReadOnlyList<string> CoinPaprika,
    [property: Description("CoinGecko's ids."), JsonPropertyName("coingecko")] IReadOnlyList<string> CoinGecko,
    [property: Description("Ids of CSV files.")] IReadOnlyList<string> CsvSource,
    [property: Description("CAIP-19 ids: contracts and native coins of the chains that the platform map knows.")]
    IReadOnlyList<string> Caip19,
    [property: Description("Contracts as platform:address, also of platforms without CAIP-19.")] IReadOnlyList<string> Contracts,
    [property: Description("Ids of assets that were merged into this one.")] IReadOnlyList<Guid> FormerIds,
    [property: Description("Ids of crosswalk files, as VOCABULARY:ID.")] IReadOnlyList<string> ExternalIds)
{
    /// <summary>The columns of a CSV file.</summary>
    public static readonly string[] Columns =
        ["asset_id", "symbol", "name", "is_active", "coinpaprika", "coingecko", "csv_source", "caip19", "contracts", "former_ids",
            "external_ids"];

    public static AssetMapping Example { get; } = new(
        AssetResponse.ExampleId, "OMG", "OMG Network", IsActive: true, ["omg-omg-network"], ["omisego"], [],
            [$"eip155:1/erc20:{AssetResponse.ExampleAddress}"],
        [$"ethereum:{AssetResponse.ExampleAddress}"], [AssetResponse.ExampleFormerId], ["isin:XS1234567890"]);
}
