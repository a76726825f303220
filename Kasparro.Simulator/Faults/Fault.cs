using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kasparro.Simulator.Faults;

/// <summary>What goes wrong, where, and how often. As <c>POST /faults</c> takes it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record Fault
{
    /// <summary><c>coinpaprika</c> or <c>coingecko</c>; none for both.</summary>
    public string? Upstream { get; init; }

    /// <summary>The route as its vendor documents it (<c>/coins/markets</c>); none for all.</summary>
    public string? Route { get; init; }

    public required FaultKind Kind { get; init; }

    /// <summary>The response's status, for kinds that respond; each has its default.</summary>
    public int? Status { get; init; }

    /// <summary>The header <c>Retry-After</c> as it is sent: seconds or an HTTP date.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>The body of kinds that respond with one of their own, instead of the upstream's usual words.</summary>
    public string? Body { get; init; }

    /// <summary>The content type that <see cref="FaultKind.ContentType"/> sends.</summary>
    public string? ContentType { get; init; }

    /// <summary>How many requests it strikes: 1 unless told, 0 for all.</summary>
    public int? Times { get; init; }

    /// <summary>How many requests of that route pass before it strikes.</summary>
    public int AfterRequests { get; init; }

    /// <summary>
    /// How much of the body is sent before it is cut (truncate, reset), or at once (drip), or what a bomb expands to. Half of the body,
    /// nothing, 64 bytes, 256 MiB.
    /// </summary>
    public int? Bytes { get; init; }

    /// <summary>The page that <see cref="FaultKind.RepeatPage"/> responds with; 1 unless told.</summary>
    public int? Page { get; init; }

    /// <summary>
    /// The content coding of <see cref="FaultKind.ContentEncoding"/>, <see cref="FaultKind.CutEncoding"/> and <see cref="FaultKind.Bomb"/>:
    /// gzip, deflate or br.
    /// </summary>
    public string? Encoding { get; init; }

    /// <summary>
    /// The id of the one element that <see cref="FaultKind.Set"/> and <see cref="FaultKind.Omit"/> concern; none for all, or for the last
    /// tenth.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>The JSON text that <see cref="FaultKind.Set"/> puts in place of a field's value.</summary>
    public string? Value { get; init; }

    /// <summary>
    /// How long to wait: between two drips (100), or before a response that only comes late (hang; without it, it never comes).
    /// </summary>
    public int? DelayMilliseconds { get; init; }

    /// <summary>What <see cref="FaultKind.Drift"/> does to <see cref="Field"/>.</summary>
    public SchemaDrift Drift { get; init; }

    /// <summary>The field that drifts; <c>symbol</c> unless told.</summary>
    public string? Field { get; init; }

    /// <summary>The name that a renamed or added field gets.</summary>
    public string? NewField { get; init; }
}

/// <summary>What goes wrong.</summary>
[JsonConverter(typeof(KebabEnumConverter<FaultKind>))]
internal enum FaultKind
{
    /// <summary>An error status (500) with the upstream's error body.</summary>
    Status,

    /// <summary>429 with <c>Retry-After</c> (2).</summary>
    RetryAfter,

    /// <summary>No response, until the client gives up.</summary>
    Hang,

    /// <summary>The connection is reset, before the response or in the middle of it.</summary>
    Reset,

    /// <summary>The right response, a few bytes at a time.</summary>
    Drip,

    /// <summary>A complete HTTP response with a body that ends too early.</summary>
    Truncate,

    /// <summary>A proxy's HTML page, with 200.</summary>
    Html,

    /// <summary>The right response with another schema.</summary>
    Drift,

    /// <summary>Some elements come twice.</summary>
    Duplicate,

    /// <summary>The elements come in another order.</summary>
    Reorder,

    /// <summary>The right response with the wrong content type.</summary>
    ContentType,

    /// <summary>200 and no body at all.</summary>
    Empty,

    /// <summary>200 with an error body.</summary>
    Error200,

    /// <summary>200 and a list of nothing.</summary>
    EmptyList,

    /// <summary>The same page, whichever is requested.</summary>
    RepeatPage,

    /// <summary>The right body under a <c>Content-Encoding</c> that it is not in.</summary>
    ContentEncoding,

    /// <summary>A compressed body that ends too early.</summary>
    CutEncoding,

    /// <summary>A few compressed bytes that expand to many.</summary>
    Bomb,

    /// <summary>A field has another value: a price of zero, an older time, another id, a number that is none.</summary>
    Set,

    /// <summary>Elements are missing, as when coins are delisted.</summary>
    Omit,
}

/// <summary>How a schema drifts.</summary>
[JsonConverter(typeof(KebabEnumConverter<SchemaDrift>))]
internal enum SchemaDrift
{
    /// <summary>The field has another name.</summary>
    Rename,

    /// <summary>The field is gone.</summary>
    Remove,

    /// <summary>A number comes as text, anything else within an object.</summary>
    Retype,

    /// <summary>There is one field more.</summary>
    Add,
}

/// <summary>Kinds as they are spelled in requests: <c>retry-after</c>; a number is no kind.</summary>
internal sealed class KebabEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
