namespace Kasparro.Tests;

/// <summary>What all tests refer to by its own name.</summary>
internal static class CurrentTest
{
    /// <summary>Cancels the running test.</summary>
    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
