using Kasparro.Api.Http;

namespace Kasparro.Api.Runs;

/// <summary>The position of a page of runs. Runs' ids are ordered by time, so the last run's id is sufficient. Opaque to clients.</summary>
/// <param name="RunId">The last run of the page before.</param>
[Expected("must be a next_cursor of this resource")]
internal readonly record struct RunCursor(Guid RunId)
{
    public static bool TryParse(string? s, IFormatProvider? provider, out RunCursor result)
    {
        var isId = Guid.TryParseExact(s, "N", out var id);
        result = new(id);
        return isId;
    }

    public override string ToString() => RunId.ToString("N");
}
