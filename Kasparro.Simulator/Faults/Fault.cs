using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kasparro.Simulator.Faults;

/// <summary>A fault: its kind, the requests that it affects, and how often. The body of <c>POST /faults</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record Fault
{
    /// <summary><c>coinpaprika</c> or <c>coingecko</c>; null for both.</summary>
    public string? Upstream { get; init; }

    /// <summary>The route as its vendor documents it (<c>/coins/markets</c>); null for all.</summary>
    public string? Route { get; init; }

    public required FaultKind Kind { get; init; }

    /// <summary>The status of the response, for kinds that respond; each has its default.</summary>
    public int? Status { get; init; }

    /// <summary>The value of the <c>Retry-After</c> header as it is sent: seconds or an HTTP date.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>The body, for kinds that respond with their own; null for the upstream's usual body.</summary>
    public string? Body { get; init; }

    /// <summary>The content type that <see cref="FaultKind.ContentType"/> sends.</summary>
    public string? ContentType { get; init; }

    /// <summary>How many requests it affects: 1 by default, 0 for all.</summary>
    public int? Times { get; init; }

    /// <summary>How many requests of the route pass before it takes effect.</summary>
    public int AfterRequests { get; init; }

    /// <summary>
    /// The number of bytes that are sent before the body is cut (truncate, reset) or at once (drip), or to which a bomb expands. By default
    /// half of the body, none, 64 bytes, and 256 MiB.
    /// </summary>
    public int? Bytes { get; init; }

    /// <summary>The page that <see cref="FaultKind.RepeatPage"/> responds with; 1 by default.</summary>
    public int? Page { get; init; }

    /// <summary>
    /// The content coding of <see cref="FaultKind.ContentEncoding"/>, <see cref="FaultKind.CutEncoding"/> and <see cref="FaultKind.Bomb"/>:
    /// gzip, deflate or br.
    /// </summary>
    public string? Encoding { get; init; }

    /// <summary>
    /// The id of the only element that <see cref="FaultKind.Set"/> and <see cref="FaultKind.Omit"/> affect; null for all elements, or for
    /// the last tenth.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>The JSON text that <see cref="FaultKind.Set"/> replaces a field's value with.</summary>
    public string? Value { get; init; }

    /// <summary>
    /// How long to wait, in milliseconds: between two drips (100 by default), or before a late response (hang; by default, it never comes).
    /// </summary>
    public int? DelayMilliseconds { get; init; }

    /// <summary>The change that <see cref="FaultKind.Drift"/> makes to <see cref="Field"/>.</summary>
    public SchemaDrift Drift { get; init; }

    /// <summary>The field that drifts; <c>symbol</c> by default.</summary>
    public string? Field { get; init; }

    /// <summary>The name of the renamed or added field.</summary>
    public string? NewField { get; init; }
}

/// <summary>The kinds of faults.</summary>
[JsonConverter(typeof(KebabEnumConverter<FaultKind>))]
internal enum FaultKind
{
    /// <summary>An error status (500 by default) with the upstream's error body.</summary>
    Status,

    /// <summary>429 with <c>Retry-After</c> (2 by default).</summary>
    RetryAfter,

    /// <summary>No response, until the client gives up.</summary>
    Hang,

    /// <summary>The connection is reset, before the response or in the middle of it.</summary>
    Reset,

    /// <summary>The correct response, a few bytes at a time.</summary>
    Drip,

    /// <summary>A complete HTTP response with a truncated body.</summary>
    Truncate,

    /// <summary>A proxy's HTML page, with 200.</summary>
    Html,

    /// <summary>The correct response with another schema.</summary>
    Drift,

    /// <summary>Some elements are repeated.</summary>
    Duplicate,

    /// <summary>The elements are in another order.</summary>
    Reorder,

    /// <summary>The correct response with the wrong content type.</summary>
    ContentType,

    /// <summary>200 without a body.</summary>
    Empty,

    /// <summary>200 with an error body.</summary>
    Error200,

    /// <summary>200 with an empty list.</summary>
    EmptyList,

    /// <summary>The same page for every request.</summary>
    RepeatPage,

    /// <summary>The correct body with a <c>Content-Encoding</c> that it does not have.</summary>
    ContentEncoding,

    /// <summary>A truncated compressed body.</summary>
    CutEncoding,

    /// <summary>A few compressed bytes that expand to many.</summary>
    Bomb,

    /// <summary>A field has another value: a price of zero, an older time, another id, an invalid number.</summary>
    Set,

    /// <summary>Elements are missing, as when coins are delisted.</summary>
    Omit,
}

/// <summary>The kinds of schema drift.</summary>
[JsonConverter(typeof(KebabEnumConverter<SchemaDrift>))]
internal enum SchemaDrift
{
    /// <summary>The field has another name.</summary>
    Rename,

    /// <summary>The field is missing.</summary>
    Remove,

    /// <summary>A number becomes a text, anything else is wrapped in an object.</summary>
    Retype,

    /// <summary>There is an additional field.</summary>
    Add,
}

/// <summary>Converts enumerations in kebab case, as in requests: <c>retry-after</c>; numbers are rejected.</summary>
internal sealed class KebabEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
