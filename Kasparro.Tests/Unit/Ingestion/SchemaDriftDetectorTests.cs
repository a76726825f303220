using System.Text.Json;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.CoinGecko;
using Kasparro.Ingestion.Sources.CoinPaprika;
using Kasparro.Ingestion.Sources.Drift;

namespace Kasparro.Tests.Unit.Ingestion;

public sealed class SchemaDriftDetectorTests
{
    private static readonly ExpectedSchema Schema = new(
        "source",
        "stream",
        [
            .. ExpectedSchema.Required(JsonKinds.Text, "id", "name"),
            .. ExpectedSchema.Required(JsonKinds.Number | JsonKinds.Text, "price"),
            .. ExpectedSchema.Optional(JsonKinds.Number, "supply"),
            .. ExpectedSchema.Required(JsonKinds.Object, "quotes", "quotes.USD"),
            .. ExpectedSchema.Required(JsonKinds.Number, "quotes.USD.cap"),
        ]);

    private readonly SchemaDriftOptions _options = new();

    [Theory]
    [InlineData("""{"id":"a","name":"n","price":1,"quotes":{"USD":{"cap":1}}}""")]
    [InlineData("""{"id":"a","name":null,"price":"","supply":2,"quotes":{"USD":{"cap":null}}}""")]
    [InlineData("""{"quotes":{"USD":{"cap":1.5}},"price":null,"name":"n","id":"a"}""")]
    [InlineData("""{"id":"a","name":"n","price":1,"quotes":null}""")]
    [InlineData("""{"id":"a","name":"n","price":1,"quotes":{"USD":null}}""")]
    public void Observe_finds_nothing_in_records_as_they_are_known(string json) => Assert.Empty(Findings(json));

    [Theory]
    [InlineData("""{"id":"a","name":"n","price":1,"more":[1],"quotes":{"USD":{"cap":1}}}""", "more added  array [1]")]
    [InlineData("""{"id":"a","name":"n","price":1,"quotes":{"USD":{"cap":1,"x":true}}}""", "quotes.USD.x added  flag true")]
    [InlineData("""{"id":"a","name":"n","price":1,"quotes":{"USD":{"cap":1},"EUR":{}}}""", "quotes.EUR added  object {}")]
    [InlineData("""{"id":"a","price":1,"quotes":{"USD":{"cap":1}}}""",
        "name missing text  {\"id\":\"a\",\"price\":1,\"quotes\":{\"USD\":{\"cap\":1}}}")]
    [InlineData("""{"id":"a","name":"n","price":1,"quotes":{}}""",
        "quotes.USD missing object  {\"id\":\"a\",\"name\":\"n\",\"price\":1,\"quotes\":{}}")]
    [InlineData("""{"id":7,"name":"n","price":1,"quotes":{"USD":{"cap":1}}}""", "id retyped text number 7")]
    [InlineData("""{"id":"a","name":"n","price":{"usd":1},"quotes":{"USD":{"cap":1}}}""", "price retyped text|number object {\"usd\":1}")]
    [InlineData("""{"id":"a","name":"n","price":1,"quotes":{"USD":{"cap":1}},"\u0000\ud800":1}""", "\\u0000\\ud800 added  number 1")]
    public void Observe_finds_what_was_added_lost_or_retyped(string json, string expected)
    {
        var finding = Assert.Single(Findings(json));
        Assert.Equal(expected, $"{finding.Path} {finding.Kind} {finding.Expected} {finding.Found} {finding.Example}");
    }

    [Fact]
    public void Observe_counts_records_and_keeps_the_first_example()
    {
        var records = Enumerable.Range(1, 50).Select(n =>
            $$$"""{"id":"a","name":"n","price":1,"new":{{{n}}},"quotes":{"USD":{"cap":{{{(n % 2 == 0 ? "null" : "1")}}} } } }""");

        var finding = Assert.Single(Findings([.. records]));

        Assert.Equal((50L, "1"), (finding.Occurrences, finding.Example));
    }

    [Fact]
    public void Observe_does_not_drown_in_fields_that_never_come_twice()
    {
        var findings =
            Findings([.. Enumerable.Range(0, 6_000)
                .Select(n => $$"""{"id":"a","name":"n","price":1,"x{{n}}":1,"y{{n}}":1,"quotes":null}""")]);

        Assert.Equal(101, findings.Count);
        Assert.Equal("*", findings[^1].Path);
    }

    [Fact]
    public void The_policy_of_a_field_decides_what_becomes_of_its_records()
    {
        _options.Fields["more"] = DriftPolicy.Ignore;
        _options.Fields["source/stream/less"] = DriftPolicy.RejectRecord;
        _options.Fields["other/stream/name"] = DriftPolicy.FailRun;

        var page = CreatePage(
            """{"id":"a","name":"n","price":1,"more":1,"quotes":null}""", """{"id":"b","name":"n","price":1,"less":1,"quotes":null}""",
            """{"id":"c","price":1,"quotes":null}""");

        Assert.Equal(RejectionReason.SchemaDrift, page.Rejections[0].Reason);
        Assert.Equal(
            [("less", DriftPolicy.RejectRecord), ("name", DriftPolicy.Warn)], page.Drifts.Select(drift => (drift.Path, drift.Policy)));
    }

    [Theory]
    [InlineData("current_price", "current_price_usd", 0.9, 1)]
    [InlineData("price_usd", "usd_price", 1, 1)]
    [InlineData("quotes.USD.volume_24h", "quotes.USD.volume_24_h", 0.8, 1)]
    [InlineData("current_price", "is_new", 0, 0.55)]
    [InlineData("market_cap", "", 0, 0)]
    public void Names_are_alike_by_spelling_or_by_words(string one, string other, double least, double most) =>
        Assert.InRange(Similarity.OfNames(one, other), least, most);

    [Theory]
    [InlineData("1", "1", 1, 1)]
    [InlineData("100", "101", 0.95, 1)]
    [InlineData("100", "1", 0, 0.1)]
    [InlineData("0", "0", 1, 1)]
    [InlineData("\"a\"", "\"a\"", 1, 1)]
    [InlineData("\"a\"", "\"b\"", 0, 0)]
    [InlineData("1", "\"1\"", 0, 0)]
    [InlineData("1e308", "-1e308", 0, 0)]
    public void Values_are_alike_by_distance_or_equality(string one, string other, double least, double most) =>
        Assert.InRange(Similarity.OfValues(Parse(one), Parse(other)), least, most);

    [Theory]
    [InlineData("current_price", "price_now", "number", true)] // Different words, but the same values.
    [InlineData("current_price", "current_price_usd", "number", true)]
    public void A_rename_is_guessed_from_names_and_values(string from, string to, string found, bool expected)
    {
        var samples = Enumerable.Range(1, 9).Select(n => (
            Parse($$"""{"{{from}}":{{n}},"rank":7}"""), Parse($$"""{"{{to}}":{{n}}.01,"rank":7}"""))).ToList();

        var guess = RenameGuess.Find([Stored(from, DriftKind.Missing, "number", null), Stored(to, DriftKind.Added, null, found)], samples);

        Assert.Equal(expected, guess.Any(rename => rename.From == from && rename.To == to && rename.Confidence > 0.6));
    }

    [Fact]
    public void A_rename_is_not_guessed_from_a_name_whose_values_differ() =>
        Assert.Empty(RenameGuess.Find(
            [Stored("price", DriftKind.Missing, "number", null), Stored("precise", DriftKind.Added, null, "number")],
            [(Parse("""{"price":5000}"""), Parse("""{"precise":1}"""))]));

    [Fact]
    public void Each_field_is_renamed_once_and_to_the_likeliest()
    {
        var guesses = RenameGuess.Find(
            [
                Stored("price", DriftKind.Missing, "number", null), Stored("price_usd", DriftKind.Added, null, "number"),
                Stored("prices", DriftKind.Added, null, "number"), Stored("quotes.price", DriftKind.Added, null, "number"),
            ],
            []);

        Assert.Equal(("price", "prices"), (Assert.Single(guesses).From, guesses[0].To));
    }

    [Theory]
    [InlineData("coingecko/markets.json")]
    [InlineData("coinpaprika/tickers.json")]
    [InlineData("coinpaprika/coins.json")]
    public void Recorded_answers_show_no_drift_but_what_time_has_added(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Corpus.Require(file)));
        var schema = file.Contains("markets", StringComparison.Ordinal) ? CoinGeckoSchemas.Markets
            : file.Contains("tickers", StringComparison.Ordinal) ? CoinPaprikaSchemas.Tickers : CoinPaprikaSchemas.Coins;
        var builder = new JsonPageBuilder(
            SourceNames.CoinPaprika,
            (_, _) => { },
            ResumePoint.Start,
            DateTimeOffset.UnixEpoch,
            new SchemaDriftDetector(schema, _options));
        foreach (var record in document.RootElement.EnumerateArray())
        {
            builder.Add(record);
        }

        Assert.Empty(
            builder.Take().Drifts.Where(drift => drift.Kind != DriftKind.Added)
                .Select(drift => $"{drift} {drift.Occurrences} {drift.Example}"));
    }

    private static StoredDrift Stored(string path, string kind, string? expected, string? found) =>
        new("stream", path, kind, expected, found, null, null, 1);

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private IReadOnlyList<DriftFinding> Findings(params string[] records)
    {
        var watch = new SchemaDriftDetector(Schema, _options);
        var hash = new ContentHasher();
        foreach (var record in records.Select(Parse))
        {
            JsonRecord.HashAndVet(record, System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(record), hash,
                new RecordBuilder(SourceNames.CoinPaprika, DateTimeOffset.UnixEpoch), out var shape);
            watch.Observe(record, shape.Value);
        }

        return watch.Tally.Take();
    }

    private SourcePage CreatePage(params string[] records)
    {
        var builder = new JsonPageBuilder(
            SourceNames.CoinPaprika,
            (_, draft) => (draft.ExternalId, draft.Symbol, draft.Name) = ("x", "x", "x"),
            ResumePoint.Start,
            DateTimeOffset.UnixEpoch,
            new SchemaDriftDetector(Schema, _options));
        foreach (var record in records.Select(Parse))
        {
            builder.Add(record);
        }

        return builder.Take();
    }
}
