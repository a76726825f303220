namespace Kasparro.Tests.AppHost;

/// <summary>
/// The collection of the tests that start a graph of their own: several at once would be more than a small machine starts in time.
/// </summary>
[CollectionDefinition(OneAtATime)]
[Takes(230)]
public sealed class Graphs
{
    public const string OneAtATime = "graphs";
}
