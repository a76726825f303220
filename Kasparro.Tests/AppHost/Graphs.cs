namespace Kasparro.Tests.AppHost;

/// <summary>The collection of the tests that start their own graph; a small machine could not start several of them in time.</summary>
[CollectionDefinition(OneAtATime)]
[Takes(230)]
public sealed class Graphs
{
    public const string OneAtATime = "graphs";
}
