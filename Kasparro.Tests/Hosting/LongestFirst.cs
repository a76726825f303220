using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Kasparro.Tests.Hosting.LongestFirst))]

namespace Kasparro.Tests.Hosting;

/// <summary>How many seconds, roughly, the tests of a class or of a collection take, where that is more than half a minute.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TakesAttribute(int seconds) : Attribute
{
    public int Seconds => seconds;
}

/// <summary>Starts the longest tests before all others: whichever is left to the end has the machine for itself, and wastes it.</summary>
internal sealed class LongestFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderByDescending(collection => GetSeconds(collection))];

    private static int GetSeconds(ITestCollection collection) =>
        Type.GetType(collection.TestCollectionClassName ?? GetTestClass(collection))?.GetCustomAttribute<TakesAttribute>()?.Seconds ?? 0;

    // A class without a collection is in one that is called "Test collection for NAMESPACE.CLASS (id: …)".
    private static string GetTestClass(ITestCollection collection) =>
        collection.TestCollectionDisplayName.Split(" (id:")[0].Split(' ')[^1];
}
