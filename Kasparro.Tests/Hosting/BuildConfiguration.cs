namespace Kasparro.Tests.Hosting;

/// <summary>Which build these tests are: they run the AppHost and the services of the same one.</summary>
internal static class BuildConfiguration
{
    public const string Name =
#if DEBUG
        "Debug";
#else
        "Release";
#endif
}
