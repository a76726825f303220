using System.Globalization;
using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Kasparro.Api.Resolve;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kasparro.Api.Backfills;

internal static class BackfillEndpoints
{
    private const string Path = "/backfills";
    private const string OnePath = $"{Path}/{{backfill_id}}";

    public static void AddBackfills(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<BackfillOrders>();
        builder.Services.AddSingleton<BackfillProgressReader>();
    }

    public static void MapBackfills(this WebApplication app)
    {
        app.MapPost(Path, OrderAsync)
            .WithName("OrderBackfill")
            .WithSummary("Read past prices")
            .WithDescription(
                "Orders past prices of assets, of the first assets by rank, or of all assets of a source. A worker reads them while no " +
                "source is due, one window per call, within the plan's calls that the schedule does not need; what is read already is " +
                "not read again after an interruption. Location names the resource that shows how far it has come.")
            .WithTags("Operation")
            .RequireOperatorKey()
            .Produces(StatusCodes.Status202Accepted, BackfillResponse.Example)
            .WithResponseHeader(StatusCodes.Status202Accepted, "Location", "The backfill.")
            .ProducesProblems(
                StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status413PayloadTooLarge,
                StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();

        app.MapRead(Path, ListAsync)
            .WithName("ListBackfills")
            .WithSummary("List backfills")
            .WithDescription("Backfills, the newest first: those that operators ordered, that of the first start, and those of gaps.")
            .WithTags("Operation")
            .Produces(StatusCodes.Status200OK, BackfillList.Example)
            .ProducesProblems(StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();

        app.MapRead(OnePath, GetAsync)
            .WithName("GetBackfill")
            .WithSummary("Show a backfill")
            .WithDescription("How far a backfill has come, how long it has left, and which listings could not be read.")
            .WithTags("Operation")
            .Produces(StatusCodes.Status200OK, BackfillResponse.Example)
            .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();

        app.MapDelete(OnePath, CancelAsync)
            .WithName("CancelBackfill")
            .WithSummary("Cancel a backfill")
            .WithDescription("Its worker stops after the current window; prices that were read stay.")
            .WithTags("Operation")
            .RequireOperatorKey()
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(
                StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound,
                StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();
    }

    private static async Task<IResult> OrderAsync(
        BackfillRequest request, BackfillOrders orders, IdentifierResolver resolver, TimeProvider time, CancellationToken cancellationToken)
    {
        var wrong = new QueryErrors(BackfillRequest.MaxAssets);
        CheckSelection(request, wrong);
        var now = time.GetUtcNow().UtcDateTime;
        var (from, to) = ReadTimes(request, now, wrong);
        var assets = request.Assets is { Count: > 0 and <= BackfillRequest.MaxAssets } ids
            ? await ResolveAsync(ids, resolver, wrong, cancellationToken)
            : null;
        if (wrong.Any)
        {
            return Problems.Invalid(wrong);
        }

        var backfill = await orders.AddAsync(assets, request.Source?.ToLowerInvariant(), request.Top, from, to, cancellationToken);
        return TypedResults.Accepted($"{Path}/{backfill.BackfillId}", backfill);
    }

    private static void CheckSelection(BackfillRequest request, QueryErrors wrong)
    {
        if (request is { Assets: null, Source: null, Top: null })
        {
            wrong.Add("assets", "must be there, or source or top: which assets the prices are of");
        }

        if (request.Assets is { Count: 0 or > BackfillRequest.MaxAssets })
        {
            wrong.Add("assets", $"must be 1 to {BackfillRequest.MaxAssets} ids");
        }

        if (request.Source?.ToLowerInvariant() is not (null or SourceNames.CoinPaprika or SourceNames.CoinGecko) and var source)
        {
            wrong.Add("source", source == SourceNames.Csv
                ? "must be coinpaprika or coingecko: a CSV file's history is read with the file"
                : "must be coinpaprika or coingecko");
        }

        if (request.Top is < 1 or > BackfillRequest.MaxTop)
        {
            wrong.Add("top", $"must be 1 to {BackfillRequest.MaxTop}");
        }

        if (request is { Top: not null, Assets: not null })
        {
            wrong.Add("top", "must be left out where assets are named");
        }
    }

    private static (DateTime From, DateTime To) ReadTimes(BackfillRequest request, DateTime now, QueryErrors wrong)
    {
        var to = Read("to", request.To, now);
        var from = Read("from", request.From, to.AddDays(-BackfillRequest.DefaultDays));
        if (to > now)
        {
            wrong.Add("to", "must not lie in the future");
        }

        if (from < PriceTime.Earliest.UtcDateTime)
        {
            wrong.Add("from", "must not lie before 2009-01-03, bitcoin's first block");
        }

        if (from >= to && !wrong.Has("from") && !wrong.Has("to"))
        {
            wrong.Add("from", "must lie before to");
        }

        return (from, to);

        DateTime Read(string name, string? text, DateTime otherwise)
        {
            if (text is not null && !Rfc3339.TryParse(text, out otherwise))
            {
                wrong.Add(name, Rfc3339.Expected);
                return name == "to" ? now : now.AddDays(-1);
            }

            return otherwise;
        }
    }

    private static async Task<Guid[]> ResolveAsync(
        IReadOnlyList<string> texts, IdentifierResolver resolver, QueryErrors wrong, CancellationToken cancellationToken)
    {
        var ids = await resolver.ParseAsync(texts, "assets", wrong, cancellationToken);
        var places = Enumerable.Range(0, ids.Count).Where(index => ids[index] is not null).ToList();
        var resolved = await resolver.ResolveAsync(places.ConvertAll(index => ids[index]!), cancellationToken);
        var assets = new HashSet<Guid>();
        foreach (var (found, place) in resolved.Zip(places))
        {
            if (found.Asset is { } asset)
            {
                assets.Add(asset.AssetId);
            }
            else
            {
                wrong.Add(
                    string.Create(CultureInfo.InvariantCulture, $"assets[{place}]"),
                    found.Candidates.Count > 0 ? "names several assets" : "names no asset of the catalogue");
            }
        }

        return [.. assets];
    }

    private static async Task<BackfillList> ListAsync(
        [AsParameters] BackfillsRequest request, BackfillOrders orders, CancellationToken cancellationToken) =>
        new(await orders.ReadAsync(request.Limit, cancellationToken));

    private static async Task<Results<Ok<BackfillResponse>, NotFound>> GetAsync(
        [AsParameters] BackfillPath path, BackfillOrders orders, CancellationToken cancellationToken) =>
        await orders.FindAsync(path.BackfillId, cancellationToken) is { } backfill ? TypedResults.Ok(backfill) : TypedResults.NotFound();

    private static async Task<IResult> CancelAsync(
        [AsParameters] BackfillPath path, BackfillOrders orders, CancellationToken cancellationToken) =>
        await orders.CancelAsync(path.BackfillId, cancellationToken) ? TypedResults.NoContent()
            : await orders.FindAsync(path.BackfillId, cancellationToken) is null ? TypedResults.NotFound()
            : Problems.Result(StatusCodes.Status409Conflict, "It has ended already, or has been cancelled.");
}
