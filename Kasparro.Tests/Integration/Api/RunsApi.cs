using Kasparro.Data.Catalogue;
using Kasparro.Data.Runs;

namespace Kasparro.Tests.Integration.Api;

/// <summary>An API on seven runs: one that failed, with all that belongs to it, and two with quotes of the same two listings.</summary>
public sealed class RunsApi(BackingServices services) : ApiFixture(services)
{
    internal static readonly IngestionRun[] Runs =
    [
        .. Enumerable.Range(0, 7).Select(number => CatalogueSeed.Run(
            number % 2 == 0 ? SourceNames.CoinGecko : SourceNames.CoinPaprika,
            number == 3 ? RunStatus.Failed : RunStatus.Completed,
            CatalogueSeed.Moment.AddMinutes(number),
            TimeSpan.FromSeconds(30 + number),
            read: 100 * number)),
    ];

    protected override async Task<long> SeedAsync(string catalogue, CancellationToken cancellationToken)
    {
        Runs[3].Error = "The upstream answered 500.";
        await CandleSeed.MakeRoomAsync(catalogue, cancellationToken);
        return await CatalogueSeed.CommitAsync(
            catalogue,
            [
                .. Runs,
                new Checkpoint
                {
                    Source = SourceNames.CoinPaprika, Stream = "coins", RunId = Runs[3].RunId, Page = 4, Records = 400,
                    StartedAt = CatalogueSeed.Moment,
                    UpdatedAt = CatalogueSeed.Moment.AddMinutes(3),
                },
                Rejection(1, "bad_number"),
                Rejection(2, "missing_id"),
                Rejection(3, "bad_number"),
                new SchemaDrift
                {
                    RunId = Runs[3].RunId, Source = SourceNames.CoinPaprika, Stream = "coins", Path = "rank", Kind = DriftKind.Retyped,
                    Expected = "number",
                    Found = "string", Occurrences = 12, Policy = "warn", DetectedAt = CatalogueSeed.Moment,
                },
                CatalogueSeed.Asset(1, "A", 1), CatalogueSeed.Listing(1, SourceNames.CoinGecko, "A", 1, 1),
                CatalogueSeed.Asset(2, "B", 1), CatalogueSeed.Listing(2, SourceNames.CoinGecko, "B", 1, 2),
                .. Quotes(listing: 1, Runs[0], hour: 0, 900, 1, 10), .. Quotes(listing: 1, Runs[2], hour: 3, 7, 500, 20),
                .. Quotes(listing: 2, Runs[0], hour: 0, 4, 5), .. Quotes(listing: 2, Runs[2], hour: 3, 6, 15),
            ],
            cancellationToken);
    }

    private static IEnumerable<Quote> Quotes(int listing, IngestionRun run, int hour, params double[] prices) =>
        prices.Select((price, number) => new Quote
        {
            ListingId = CatalogueSeed.Id(listing),
            QuotedAt = CatalogueSeed.Moment.AddHours(hour + number),
            PriceUsd = price,
            RunId = run.RunId,
        });

    private static RejectedRecord Rejection(int number, string reason) => new()
    {
        Source = SourceNames.CoinPaprika,
        Stream = "coins",
        Fingerprint = CatalogueSeed.Id(number),
        RunId = Runs[3].RunId,
        Position = number,
        Reason = reason,
        Detail = reason,
        Payload = "{}",
        RejectedAt = CatalogueSeed.Moment,
    };
}
