using Aspire.Hosting;
using Kasparro.Tests.Unit.Repository;
using Microsoft.Extensions.Hosting;

namespace Kasparro.Tests.AppHost.Local;

/// <summary>Local hosting offers nothing that Aspire 13.5 does not: whatever it has that is public is in a list that a person checked against Aspire's.</summary>
public sealed class PublicApiTests
{
    private static readonly string List = RepositoryFiles.At("local/PublicApi.txt");

    [Fact]
    public async Task Every_public_member_is_in_the_list_that_was_checked_against_Aspire()
    {
        var listed = (await File.ReadAllLinesAsync(List, TestContext.Current.CancellationToken)).Where(line => !line.StartsWith('#')).ToList();
        var actual = PublicApi.Of(typeof(DistributedApplication).Assembly).Concat(PublicApi.Of(typeof(AspireRedisExtensions).Assembly))
            .Order(StringComparer.Ordinal).ToList();

        Assert.True(
            listed.SequenceEqual(actual, StringComparer.Ordinal),
            $"""
            {List} says otherwise; look each new line up in Aspire's API before it goes there.
            public, but not listed:
            {string.Join('\n', actual.Except(listed, StringComparer.Ordinal))}
            listed, but not there:
            {string.Join('\n', listed.Except(actual, StringComparer.Ordinal))}
            """);
    }
}
