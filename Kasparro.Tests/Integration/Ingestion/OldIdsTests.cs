using Kasparro.Data;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>
/// Ids of assets that were merged, split, renamed and delisted: each resolves to its asset, and the evidence says what happened to it.
/// </summary>
public sealed class OldIdsTests(BackingServices services)
{
    [Fact]
    public async Task Old_ids_resolve_and_say_what_became_of_them()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        Say("old-coin", isGoneActive: true);
        upstream.OnJson(
            StubUpstream.Market(1),
            $"[{StubUpstream.Coin("one", "one", "Alpha", 1)},{StubUpstream.Coin("both", "bth", "Both Of Them", 5)}]");
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        await IngestAsync();
        var (one, two, both) = (Gecko("one"), Paprika("two-beta"), Paprika("bth-both-of-them"));
        Assert.Equal(both, (await ResolveAsync("coingecko:both")).AssetId);
        Assert.Equal((two, "the asset's id"), await ResolveAsync(two.ToString()));

        // Merged and split by an operator; renamed and delisted at the source.
        await DecideAsync(ingestion, one, two, isSame: true);
        await DecideAsync(ingestion, both, Gecko("both"), isSame: false);
        Say("new-coin", isGoneActive: false);
        for (var reading = 0; reading < 5; reading++)
        {
            await IngestAsync();
        }

        var merged = await ResolveAsync(one.ToString());
        Assert.Equal(two, merged.AssetId);
        Assert.StartsWith("merged into this asset at 20", merged.Evidence, StringComparison.Ordinal);
        Assert.Equal((two, "listing coingecko:one"), await ResolveAsync("coingecko:one"));
        Assert.Equal((two, "the asset's id"), await ResolveAsync(two.ToString()));

        Assert.Equal((both, "the asset's id"), await ResolveAsync(both.ToString()));
        Assert.Equal((both, "listing coinpaprika:bth-both-of-them"), await ResolveAsync("bth-both-of-them"));
        Assert.Equal((Gecko("both"), "listing coingecko:both"), await ResolveAsync("coingecko:both"));
        Assert.Equal((Gecko("both"), "the asset's id"), await ResolveAsync(Gecko("both").ToString()));

        Assert.Equal((Paprika("old-coin"), "listing coinpaprika:old-coin, which is no longer active there"),
            await ResolveAsync("coinpaprika:old-coin"));
        Assert.Equal("listing coinpaprika:new-coin", (await ResolveAsync("new-coin")).Evidence);
        Assert.Equal((Paprika("gone-gone"), "listing coinpaprika:gone-gone, which is no longer active there"),
            await ResolveAsync("gone-gone"));

        // When the split is revoked, the id of the part resolves to the whole again.
        await DecideAsync(ingestion, both, Gecko("both"), isSame: null);
        await IngestAsync();
        var reunited = await ResolveAsync(Gecko("both").ToString());
        Assert.Equal(both, reunited.AssetId);
        Assert.StartsWith("merged into this asset at 20", reunited.Evidence, StringComparison.Ordinal);

        async Task IngestAsync()
        {
            var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);
            Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
        }

        async Task<(Guid? AssetId, string Evidence)> ResolveAsync(string id)
        {
            Assert.True(AssetIdentifier.TryParse(id, out var identifier, out var error), error);
            var resolved = Assert.Single(await PlatformEvidenceTests.GetResolver(ingestion).ResolveAsync([identifier], Cancellation));
            return (resolved.Asset?.AssetId, string.Join("; ", resolved.Evidence));
        }

        void Say(string renamed, bool isGoneActive) => upstream.OnJson("/coins", $"""
            [{Coin("two-beta", "TWO", "Beta")},{Coin("bth-both-of-them", "BTH", "Both Of Them")},{Coin(renamed, "REN", "Renamed")},
             {Coin("gone-gone", "GONE", "Gone", isGoneActive)}]
            """);
    }

    private static Guid Paprika(string id) => StableId.ForListing(SourceNames.CoinPaprika, id);

    private static Guid Gecko(string id) => StableId.ForListing(SourceNames.CoinGecko, id);

    private static string Coin(string id, string symbol, string name, bool isActive = true) =>
        $$"""{"id":"{{id}}","name":"{{name}}","symbol":"{{symbol}}","rank":{{(isActive ? 1 : 0)}},"is_new":false,"is_active":{{(isActive
            ? "true" : "false")}},"type":"coin"}""";

    private static async Task DecideAsync(IngestionHarness ingestion, Guid left, Guid right, bool? isSame)
    {
        var pair = new[] { left, right }.Order().ToArray();
        await using var command = ingestion.Database.CreateCommand("""
            INSERT INTO identity_override_changes (listing_id, other_id, is_same, reason, changed_by, changed_at, request_id)
            VALUES ($1, $2, $3, 'a test', 'Operator:Key', now(), 'x')
            """);
        command.Parameters.Add(new() { Value = pair[0] });
        command.Parameters.Add(new() { Value = pair[1] });
        command.Parameters.Add(NullableParameters.From(isSame, NpgsqlTypes.NpgsqlDbType.Boolean));
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
