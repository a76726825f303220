using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Backfills;

[Description("Past prices to read: of assets, of the first assets by rank, or of all assets of a source.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BackfillRequest(
    [property: Description("At most 1000 ids, in any vocabularies.")] IReadOnlyList<string>? Assets = null,
    [property: Description("coinpaprika or coingecko: the one source to ask. By default, coingecko where it lists the asset.")]
    string? Source = null,
    [property: Description("How many assets, by rank: 1 to 100000.")] int? Top = null,
    [property: Description("From when on, as RFC 3339; by default, 365 days before to. What the plan does not reach is left out.")]
    string? From = null,
    [property: Description("Up to when, as RFC 3339; by default, up to now.")] string? To = null)
{
    public const int MaxAssets = 1_000;
    public const int MaxTop = 100_000;
    public const int DefaultDays = 365;

    public static BackfillRequest Example { get; } = new(["coingecko:bitcoin", "coinpaprika:eth-ethereum"], From: "2026-01-01");
}

/// <summary>A request for the newest backfills.</summary>
internal sealed record BackfillsRequest(
    [property: FromQuery(Name = "limit"), Range(1, BackfillsRequest.MaxLimit), Description("How many backfills.")]
    int Limit = BackfillsRequest.DefaultLimit)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 500;
}

/// <summary>A request for one backfill.</summary>
internal sealed record BackfillPath(
    [property: FromRoute(Name = "backfill_id"), Description("The backfill's id, as in the Location of its request.")] Guid BackfillId);
