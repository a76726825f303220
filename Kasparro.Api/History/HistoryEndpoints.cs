using Kasparro.Api.Assets;
using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Kasparro.Api.Resolve;

namespace Kasparro.Api.History;

internal static class HistoryEndpoints
{
    private const string Description =
        "Open, high, low and close per interval, with market capitalisation and volume. Each candle is of one listing: the one whose " +
        "price the asset shows, and where it has no quote the asset's next best, of whichever source. All times are UTC: days begin at " +
        "midnight, weeks on Monday. from and to are widened to whole intervals. Intervals without a quote have no candle and are listed " +
        "in gaps. Candles of 5m and 15m are made of quotes, which are kept for Retention__Quotes, those of 1h and 4h of hours, and those " +
        "of 1d and 1w of days, which are kept permanently. ";

    public static void AddHistory(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<HistoryReader>();
        builder.Services.AddSingleton<PriceAtReader>();
    }

    public static void MapHistory(this WebApplication app)
    {
        app.MapRead("/assets/{id}/history", GetAsync)
            .WithName("GetAssetHistory")
            .WithSummary("Show an asset's price history")
            .WithDescription($"{Description}The id of an asset that was merged into another one is redirected (301).")
            .WithTags("Catalogue")
            .Produces(StatusCodes.Status200OK, HistoryResponse.Example)
            .ProducesCandidates()
            .ProducesMoved()
            .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();
        app.MapRead("/assets/{id}/at", GetAtAsync)
            .WithName("GetAssetPriceAt")
            .WithSummary("Show an asset's price at a time")
            .WithDescription(
                "The newest price that was quoted at or before the time, of the listing whose price the asset shows, or of another one " +
                "where that one's quote is more than a day older. From quotes while they are kept, otherwise from hourly or " +
                "daily candles. 404 if nothing was quoted before. The id of an asset that was merged into another one is redirected " +
                "(301).")
            .WithTags("Catalogue")
            .Produces(StatusCodes.Status200OK, PriceAtResponse.Example)
            .ProducesCandidates()
            .ProducesMoved()
            .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();
        app.MapRead("/history", GetManyAsync)
            .WithName("GetHistories")
            .WithSummary("Show the price histories of several assets")
            .WithDescription(
                $"{Description}Ids of merged assets lead to the asset that they are part of now. At most {HistoriesRequest.MaxAssets} " +
                $"assets and {HistoriesRequest.MaxPoints} intervals of all assets together; /export/history has everything.")
            .WithTags("Catalogue")
            .Produces(StatusCodes.Status200OK, HistoriesResponse.Example)
            .ProducesProblems(StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();
    }

    private static async Task<IResult> GetAsync(
        HttpContext context,
        [AsParameters] HistoryRequest request,
        HistoryReader history,
        IdentifierResolver resolver,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!HistoryWindow.TryCreate(request, time.GetUtcNow().UtcDateTime, out var window, out var error))
        {
            return Problems.Invalid("from", error);
        }

        var (assetId, failure) = await AssetEndpoints.FindAsync(request.Id, resolver, cancellationToken);
        return failure ?? await history.ReadAsync(assetId, window, cancellationToken) switch
        {
            { History: { } found } => TypedResults.Ok(found),
            { Moved: { } moved } => AssetEndpoints.Moved(context, moved, $"/history{context.Request.QueryString}"),
            { Exists: true } => Problems.Invalid("source", "must be a source that lists this asset"),
            _ => TypedResults.NotFound(),
        };
    }

    private static async Task<IResult> GetAtAsync(
        HttpContext context,
        [AsParameters] PriceAtRequest request,
        PriceAtReader prices,
        IdentifierResolver resolver,
        CancellationToken cancellationToken)
    {
        var (assetId, failure) = await AssetEndpoints.FindAsync(request.Id, resolver, cancellationToken);
        return failure ?? await prices.ReadAsync(assetId, request, cancellationToken) switch
        {
            { Price: { } found } => TypedResults.Ok(found),
            { Moved: { } moved } => AssetEndpoints.Moved(context, moved, $"/at{context.Request.QueryString}"),
            { Exists: true, IsListed: false } => Problems.Invalid("source", "must be a source that lists this asset"),
            { Exists: true } => Problems.Result(
                StatusCodes.Status404NotFound, "No price of this asset is known that was quoted at or before this time."),
            _ => TypedResults.NotFound(),
        };
    }

    private static async Task<IResult> GetManyAsync(
        [AsParameters] HistoriesRequest request,
        HistoryReader history,
        IdentifierResolver resolver,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var wrong = new QueryErrors(HistoriesRequest.MaxAssets + 2);
        var now = time.GetUtcNow().UtcDateTime;
        var texts = request.Assets.SelectMany(ids => ids.Split(',')).Where(id => !string.IsNullOrWhiteSpace(id)).ToList();
        if (!HistoryWindow.TryCreate(request, now, out var window, out var error))
        {
            wrong.Add("from", error);
        }

        if (texts.Count is 0 or > HistoriesRequest.MaxAssets)
        {
            wrong.Add("assets", $"must be 1 to {HistoriesRequest.MaxAssets} ids");
            return Problems.Invalid(wrong);
        }

        if (window is not null && error is null && texts.Count * window.Intervals > HistoriesRequest.MaxPoints)
        {
            wrong.Add("assets", $"must be at most {HistoriesRequest.MaxPoints / window.Intervals} for so many intervals");
        }

        var ids = await resolver.ParseAsync(texts, "assets", wrong, cancellationToken);
        if (wrong.Any || window is null)
        {
            return Problems.Invalid(wrong);
        }

        var resolved = await resolver.ResolveAsync([.. ids.OfType<AssetIdentifier>()], cancellationToken);
        var assets = resolved.Select(id => id.Asset?.AssetId).OfType<Guid>().ToList();
        var candles = assets.Count == 0
            ? new Dictionary<Guid, IReadOnlyList<Candle>>()
            : await history.ReadManyAsync(assets, window, cancellationToken);
        return TypedResults.Ok(new HistoriesResponse(
            window.Interval.Name, window.From, window.To, window.Currency,
            [
                .. resolved.Select(id =>
                {
                    var points = id.Asset is { } asset ? candles.GetValueOrDefault(asset.AssetId, []) : [];
                    return new AssetHistory(
                        id.Id, id.Status, id.Asset?.AssetId, id.Candidates, points, id.Asset is null ? [] : window.FindGaps(points, now));
                }),
            ]));
    }
}
