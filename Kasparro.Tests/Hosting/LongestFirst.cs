using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Kasparro.Tests.Hosting.LongestFirst))]

namespace Kasparro.Tests.Hosting;

/// <summary>
/// The approximate duration, in seconds, of the tests of a class or collection; for those that take more than half a minute.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TakesAttribute(int seconds) : Attribute
{
    public int Seconds => seconds;
}

/// <summary>Starts the longest tests first, because a long test that runs last, on its own, leaves the machine mostly idle.</summary>
internal sealed class LongestFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderByDescending(collection => GetSeconds(collection))];

    private static int GetSeconds(ITestCollection collection) =>
        Type.GetType(collection.TestCollectionClassName ?? GetTestClass(collection))?.GetCustomAttribute<TakesAttribute>()?.Seconds ?? 0;

    // The collection of a class without an explicit one is named "Test collection for NAMESPACE.CLASS (id: …)".
    private static string GetTestClass(ITestCollection collection) =>
        collection.TestCollectionDisplayName.Split(" (id:")[0].Split(' ')[^1];
}
