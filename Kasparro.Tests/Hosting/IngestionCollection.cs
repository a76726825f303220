namespace Kasparro.Tests.Hosting;

/// <summary>Tests that take the run lock: one Redis has one, so they follow one another.</summary>
[CollectionDefinition(Name)]
public sealed class IngestionCollection
{
    public const string Name = "ingestion";
}
