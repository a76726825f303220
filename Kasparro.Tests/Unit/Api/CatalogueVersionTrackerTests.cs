using Kasparro.Api;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Kasparro.Tests.Unit.Api;

public sealed class CatalogueVersionTrackerTests : IDisposable
{
    private static readonly CatalogueStamp Five = new(5, 500);
    private static readonly CatalogueStamp Six = new(6, 600);

    private readonly FakeTimeProvider _time = new();
    private readonly ApiOptions _options = new() { PageBytes = 1 << 20 };
    private readonly NpgsqlDataSource _neverAsked = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1");
    private readonly CatalogueVersionTracker _version;

    public CatalogueVersionTrackerTests() =>
        _version = new(
            _neverAsked,
            new CatalogueDeadline(_time, Options.Create(_options)),
            new DataCursorCodec(),
            _time,
            Options.Create(_options),
            NullLogger<CatalogueVersionTracker>.Instance);

    [Fact]
    public void Version_is_unconfirmed_before_the_first_reading() => Assert.False(_version.TryGetConfirmed(out _));

    [Fact]
    public void Version_is_confirmed_until_the_bound_counted_from_the_readings_start()
    {
        var reading = _version.BeginReading();
        _time.Advance(TimeSpan.FromSeconds(1));
        _version.Complete(reading, Five);

        _time.Advance(_options.MaxStaleness - TimeSpan.FromSeconds(1));
        Assert.True(_version.TryGetConfirmed(out var stamp));
        Assert.Equal(Five, stamp);

        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(_version.TryGetConfirmed(out _));
    }

    [Fact]
    public void Announcement_casts_doubt_until_a_reading_has_seen_it()
    {
        Read(Five);
        var early = _version.BeginReading();

        _version.Announce(6);
        Assert.False(_version.TryGetConfirmed(out _));

        _version.Complete(early, Five);
        Assert.False(_version.TryGetConfirmed(out _));

        Read(Six);
        Assert.True(_version.TryGetConfirmed(out var stamp));
        Assert.Equal(Six, stamp);
    }

    [Fact]
    public void Announcement_is_forgotten_when_a_later_reading_contradicts_it()
    {
        Read(Five);
        _version.Announce(99);

        Read(Five);

        Assert.True(_version.TryGetConfirmed(out var stamp));
        Assert.Equal(Five, stamp);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(4)]
    [InlineData(-1)]
    public void Announcement_of_what_is_known_changes_nothing(long announced)
    {
        Read(Five);
        _version.Announce(announced);

        Assert.True(_version.TryGetConfirmed(out _));
    }

    [Fact]
    public void Version_does_not_go_back_when_a_slow_reading_ends_late()
    {
        Read(Five);
        var slow = _version.BeginReading();
        Read(Six);

        _version.Complete(slow, Five);

        Assert.Equal(Six, _version.Current);
    }

    [Fact]
    public void Version_goes_back_when_the_database_was_replaced()
    {
        Read(Six);
        Read(new CatalogueStamp(2, 900));

        Assert.Equal(2, _version.Current?.Version);
    }

    [Fact]
    public void Pages_are_kept_for_the_newest_version_only()
    {
        var pages = new MemoryPageCache(_version, Options.Create(_options));
        var query = new DataQuery(1, 20, null, "");
        Read(Five);
        pages.Add(query, RenderedPage.Create(Five, new byte[10], ""));
        Assert.True(pages.TryGet(Five, query, out _));

        Read(Six);
        pages.Add(query, RenderedPage.Create(Six, new byte[10], ""));
        pages.Add(query with { Page = 2 }, RenderedPage.Create(Five, new byte[10], ""));

        Assert.True(pages.TryGet(Six, query, out _));
        Assert.False(pages.TryGet(Five, query, out _));
        Assert.False(pages.TryGet(Six, query with { Page = 2 }, out _));
    }

    [Fact]
    public void Pages_of_earlier_versions_are_at_hand_within_the_bound_on_staleness_however_many_versions_came_since()
    {
        var pages = new MemoryPageCache(_version, Options.Create(_options));
        var popular = new DataQuery(1, 20, null, "");
        Read(Five);
        pages.Add(popular, RenderedPage.Create(Five, new byte[10], ""));
        foreach (var version in Enumerable.Range(6, 5))
        {
            var stamp = new CatalogueStamp(version, version * 100);
            Read(stamp);
            pages.Add(popular with { Page = version }, RenderedPage.Create(stamp, new byte[10], ""));
        }

        Assert.True(pages.TryGetRecent(popular, out var page));
        Assert.Equal(Five, page.Stamp);
        Assert.True(pages.TryGetRecent(popular with { Page = 10 }, out _));

        _time.Advance(_options.MaxStaleness + TimeSpan.FromTicks(1));
        Assert.False(pages.TryGetRecent(popular, out _));
    }

    [Fact]
    public void Pages_of_all_versions_together_stay_within_their_bytes()
    {
        var pages = new MemoryPageCache(_version, Options.Create(_options));
        foreach (var version in Enumerable.Range(5, 40))
        {
            var stamp = new CatalogueStamp(version, version * 100);
            Read(stamp);
            for (var page = 1; page <= 100; page++)
            {
                pages.Add(new DataQuery(page, 20, null, ""), RenderedPage.Create(stamp, new byte[1_000], ""));
            }

            Assert.InRange(pages.Bytes, 1, _options.PageBytes);
        }
    }

    [Fact]
    public void Pages_stay_within_their_bytes_and_keep_what_is_asked_for()
    {
        var pages = new MemoryPageCache(_version, Options.Create(_options));
        var popular = new DataQuery(1, 20, null, "");
        Read(Five);
        pages.Add(popular, RenderedPage.Create(Five, new byte[1_000], ""));
        var queries = Enumerable.Range(2, 5_000).Select(page => new DataQuery(page, 20, null, "")).ToList();
        foreach (var query in queries)
        {
            pages.Add(query, RenderedPage.Create(Five, new byte[1_000], ""));
            Assert.True(pages.TryGet(Five, popular, out _));
        }

        // Does not get the pages themselves, which would renew them.
        Assert.InRange(pages.Bytes, 1, _options.PageBytes);
        Assert.InRange(pages.Count, 1, _options.PageBytes / 1_000);
    }

    public void Dispose() => _neverAsked.Dispose();

    private void Read(CatalogueStamp stamp) => _version.Complete(_version.BeginReading(), stamp);
}
