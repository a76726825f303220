using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// The parameters of <c>/data</c> that select the page, for the OpenAPI document. <see cref="DataQueryParser"/> parses them.
/// </summary>
internal sealed record DataPageParameters(
    [property: FromQuery(Name = "page"),
        Description("The page, from 1. Pages past the end are empty. Pages reach 1000000 rows deep; cursors have no limit.")]
    [property: Range(1, int.MaxValue)]
    int Page = 1,
    [property: FromQuery(Name = "page_size"), Description("Rows a page."), Range(1, DataQuery.MaxPageSize)]
    int PageSize = DataQuery.DefaultPageSize,
    [property: FromQuery(Name = "cursor"),
        Description("The position of the page, as next and prev give it, with the other "
            + "parameters of next and prev. Not together with page.")]
    string? Cursor = null);

/// <summary>The parameters of <c>/data</c> and <c>/export</c> that select rows, for the OpenAPI document.</summary>
internal sealed record FilterParameters(
    [property: FromQuery(Name = "source"), Description("Only listings of this source. By default the unified assets.")]
    [property: AllowedValues(SourceNames.CoinPaprika, SourceNames.CoinGecko, SourceNames.Csv)]
    string? Source = null,
    [property: FromQuery(Name = "symbol"),
        Description("Whole symbols, in any case: one, several with commas between them, or the parameter several times. At most 100.")]
    string[]? Symbol = null,
    [property: FromQuery(Name = "q"), MaxLength(DataFilters.MaxTextLength), Description(
        "A part of the symbol or the name, in any case. One or two characters are the beginning of a symbol. New coins are found after " +
        "the ingestion that added them has ended.")]
    string? Search = null,
    [property: FromQuery(Name = "name"), Description("A part of the name, in any case. One or two characters are its beginning."),
        MaxLength(DataFilters.MaxTextLength)]
    string? Name = null,
    [property: FromQuery(Name = "min_price"), Description("The lowest price in US dollars.")] double? MinPrice = null,
    [property: FromQuery(Name = "max_price"), Description("The highest price in US dollars.")] double? MaxPrice = null,
    [property: FromQuery(Name = "min_market_cap"), Description("The lowest market capitalisation in US dollars.")]
    double? MinMarketCap = null,
    [property: FromQuery(Name = "max_market_cap"), Description("The highest market capitalisation in US dollars.")]
    double? MaxMarketCap = null,
    [property: FromQuery(Name = "min_volume"), Description("The lowest trading volume of the last 24 hours in US dollars.")]
    double? MinVolume = null,
    [property: FromQuery(Name = "max_volume"), Description("The highest trading volume of the last 24 hours in US dollars.")]
    double? MaxVolume = null,
    [property: FromQuery(Name = "rank"), Description("A rank, or a range of ranks such as 1-100."), RegularExpression("^[0-9]+(-[0-9]+)?$")]
    string? Rank = null,
    [property: FromQuery(Name = "active"),
        Description("Only active rows, or only inactive ones. By default active assets; with source, all listings.")] Flag? Active = null,
    [property: FromQuery(Name = "updated_since"), Description(
        "Only rows whose values are from this time or later at their source. Values can arrive late: use /changes to follow the " +
        "catalogue.")]
    UtcTime? UpdatedSince = null);

/// <summary>The parameters of <c>/data</c> that determine the order of the rows and their fields, for the OpenAPI document.</summary>
internal sealed record RowParameters(
    [property: FromQuery(Name = "sort"), DefaultValue("-market_cap"), Description(
        "The field to sort by; descending with - in front. Rows without a value come last; ties are in the order of asset_id.")]
    [property: AllowedValues(
        "symbol", "-symbol", "name", "-name", "price_usd", "-price_usd", "market_cap", "-market_cap", "source", "-source", "asset_id",
        "-asset_id", "updated_at",
        "-updated_at", "volume_24h", "-volume_24h", "rank", "-rank", "is_active", "-is_active")]
    string? Sort = null,
    [property: FromQuery(Name = "fields"), Description(
        "The fields of a row, with commas between them: symbol, name, price_usd, market_cap, source, asset_id, updated_at, volume_24h, " +
        "rank, is_active. By default the first seven.")]
    string? Fields = null,
    [property: FromQuery(Name = "vs_currency"), Description(
        "The currency of amounts, such as eur: price, in place of price_usd, market_cap and volume_24h are converted by the newest rate. " +
        "Filters stay in US dollars.")]
    string? Currency = null);
