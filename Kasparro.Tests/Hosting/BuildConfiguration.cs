namespace Kasparro.Tests.Hosting;

/// <summary>The build configuration of these tests, which run the AppHost and the services of the same configuration.</summary>
internal static class BuildConfiguration
{
    public const string Name =
#if DEBUG
        "Debug";
#else
        "Release";
#endif
}
