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

    /// <summary>How much of the body is sent before it is cut (truncate, reset), or at once (drip). Half of the body, nothing, 64 bytes.</summary>
    public int? Bytes { get; init; }

    /// <summary>How long to wait: between two drips (100), or before a response that only comes late (hang; without it, it never comes).</summary>
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
