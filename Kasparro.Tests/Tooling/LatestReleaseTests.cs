using System.Diagnostics;

namespace Kasparro.Tests.Tooling;

/// <summary>The script scripts/is-latest-release.sh, which decides whether images are tagged <c>latest</c>.</summary>
public sealed class LatestReleaseTests
{
    [Theory]
    [InlineData("v1.0.1", false)]
    [InlineData("v2.0.0", true)]
    [InlineData("v10.0.0", true, "v10.0.0")]
    [InlineData("v2.0.0", false, "v10.0.0")]
    [InlineData("v3.0.0-rc1", false, "v3.0.0-rc1")]
    [InlineData("v2.0.0-5-g1234567", false)]
    public async Task Latest_is_the_highest_release_only(string version, bool isLatest, params string[] moreTags)
    {
        var repository = Directory.CreateTempSubdirectory("kasparro-tags-");
        await RunAsync("git", "init", "--quiet");
        await RunAsync("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "--allow-empty", "--message=a");
        foreach (var tag in (string[])["v1.0.0", "v1.0.1", "v2.0.0", "v2.0.0-rc1", "vNext", .. moreTags])
        {
            await RunAsync("git", "tag", tag);
        }

        var withPrefix = await RunAsync("bash", RepositoryFiles.At("scripts/is-latest-release.sh"), version);
        var withoutPrefix = await RunAsync("bash", RepositoryFiles.At("scripts/is-latest-release.sh"), version[1..]);

        Assert.Equal((isLatest, isLatest), (withPrefix == 0, withoutPrefix == 0));
        repository.Delete(recursive: true);

        async Task<int> RunAsync(string program, params string[] arguments) =>
            (await new ProcessStartInfo(program, arguments) { WorkingDirectory = repository.FullName }
                .RunAsync(Cancellation)).ExitCode;
    }
}
