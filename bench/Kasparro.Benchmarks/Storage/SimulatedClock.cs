namespace Kasparro.Benchmarks.Storage;

/// <summary>A clock that is set explicitly; timers use the system's clock.</summary>
internal sealed class SimulatedClock(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset _now = now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public void Advance(TimeSpan by) => _now += by;
}
