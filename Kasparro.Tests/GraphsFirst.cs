using Kasparro.Tests.AppHost;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Kasparro.Tests.GraphsFirst))]

namespace Kasparro.Tests;

/// <summary>Whole graphs start one after another, for minutes: they begin first, beside all other tests, and not as the last.</summary>
internal sealed class GraphsFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(collection => collection.TestCollectionDisplayName == Graphs.OneAtATime)];
}
