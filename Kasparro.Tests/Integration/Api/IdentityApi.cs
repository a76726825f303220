using Kasparro.Data.Catalogue;

namespace Kasparro.Tests.Integration.Api;

/// <summary>An API, with an operator key, on six listings of one asset with refused pairs and an override of the file.</summary>
public sealed class IdentityApi(BackingServices services) : ApiFixture(services)
{
    public const string Key = "an operator key of these tests";

    protected override string[] Settings => [$"--Operator:Key={Key}"];

    protected override Task<long> SeedAsync(string catalogue, CancellationToken cancellationToken) =>
        CatalogueSeed.CommitAsync(
            catalogue,
            [
                CatalogueSeed.Asset(1, "A", 1),
                .. Enumerable.Range(1, 6).Select(number =>
                    CatalogueSeed.Listing(number, number % 2 == 0 ? SourceNames.CoinGecko : SourceNames.CoinPaprika, "A", 1, 1)),
                Refusal(1, 2, 0.85, "ambiguous"),
                Refusal(1, 4, 0.96, "other_contract"),
                Refusal(3, 2, 0.85, "taken"),
                Refusal(3, 4, 0.85, "ambiguous"),
                Refusal(5, 6, 0.75, "ambiguous"),
                new IdentityDecision
                {
                    ListingId = CatalogueSeed.Id(5), OtherId = CatalogueSeed.Id(2), AssetId = CatalogueSeed.Id(1), Rule = "contract",
                    Confidence = 0.99,
                    Evidence = "[]", DecidedAt = CatalogueSeed.Moment,
                },
                new IdentityOverride { ListingId = CatalogueSeed.Id(5), OtherId = CatalogueSeed.Id(6), IsSame = false },
            ],
            cancellationToken);

    private static IdentityDecision Refusal(int listing, int other, double confidence, string reason) => new()
    {
        ListingId = CatalogueSeed.Id(listing),
        OtherId = CatalogueSeed.Id(other),
        Rule = "symbol_name",
        Reason = reason,
        Confidence = confidence,
        Evidence = """["symbol A"]""",
        DecidedAt = CatalogueSeed.Moment,
    };
}
