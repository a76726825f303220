using Kasparro.Api.Events;
using Kasparro.Data.Runs;

namespace Kasparro.Tests.Unit.Api;

public sealed class EventStateTests
{
    private static readonly DateTime Noon = new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void No_event_is_missed_wherever_a_client_stops_and_resumes()
    {
        var before = new EventState(new(7, Noon), [Run(1, Noon, ended: null), Run(2, Noon, ended: null)]);
        var after = new EventState(new(8, Noon.AddMinutes(1)),
            [Run(1, Noon, Noon.AddMinutes(2)), Run(2, Noon, Noon.AddMinutes(2)), Run(3, Noon, Noon.AddMinutes(3))]);
        var events = after.Position(after.Since(before), before.Newest).ToList();
        Assert.Equal(4, events.Count);

        for (var seen = 0; seen <= events.Count; seen++)
        {
            var known = seen == 0 ? before.Newest : events[seen - 1].Position;
            var resumed = EventPosition.Parse(known.ToString());
            Assert.Equal(known, resumed);
            var told = events.Take(seen).Concat(after.Position(after.Since(resumed), resumed)).Select(told => told.Event).ToHashSet();
            Assert.True(told.IsSupersetOf(events.Select(item => item.Event)), $"stopped after {seen} events");
        }

        Assert.Empty(after.Since(events[^1].Position));
    }

    private static RunEvent Run(int number, DateTime started, DateTime? ended) => new(
        new Guid(number, 0, 0, new byte[8]), Guid.Empty, "coingecko", ended is null ? RunStatus.Running : RunStatus.Completed, started,
            ended, 1, 1);
}
