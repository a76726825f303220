namespace Kasparro.Tests.Unit.Data;

public sealed class StableIdTests
{
    // Expected values from an independent implementation: Python's uuid.uuid5 over the same namespace.
    [Theory]
    [InlineData(SourceNames.CoinPaprika, "btc-bitcoin", "3bda6e1d-c668-5865-9422-c40d139af822")]
    [InlineData(SourceNames.Csv, "ü", "412efa7d-007e-5434-ac75-e70752f04662")]
    public void ForListing_is_the_version_5_uuid_of_source_and_id(string source, string externalId, string expected) =>
        Assert.Equal(Guid.Parse(expected), StableId.ForListing(source, externalId));

    [Fact]
    public void ForListing_takes_ids_of_any_length() =>
        Assert.NotEqual(
            StableId.ForListing(SourceNames.Csv, new string('x', 5000)),
            StableId.ForListing(SourceNames.Csv, new string('x', 5001)));
}
