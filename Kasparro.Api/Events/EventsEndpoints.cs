using System.ComponentModel;
using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Events;

internal static class EventsEndpoints
{
    /// <summary>The media type of server-sent events.</summary>
    public const string ContentType = "text/event-stream";

    private const string Path = "/events";

    private const string Example = """
        event: catalogue
        data: {"version":813,"changed_at":"2026-11-20T12:00:00Z"}
        id: 813.8dea72c75c6d400-638992224000000000
        retry: 2000


        """;

    private const string UnknownPosition =
        "The event that Last-Event-ID names is not of this catalogue, which may have been restored from a backup or have failed over, " +
        "or is too old; connect without Last-Event-ID, and start a copy again with /export.";

    public static void AddEvents(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<EventReader>();
        builder.Services.AddSingleton<EventHub>();
        builder.Services.AddSingleton<EventFeed>();
        builder.Services.AddHostedService(services => services.GetRequiredService<EventFeed>());
        builder.Services.AddSingleton<EventStream>();
    }

    public static void MapEvents(this WebApplication app)
    {
        app.MapMethods(Path, [HttpMethods.Head], static (HttpContext context) => { context.Response.ContentType = ContentType; })
            .CheckParameters()
            .ExcludeFromDescription();
        app.MapGet(Path, GetAsync)
            .WithName("GetEvents")
            .WithSummary("Follow events")
            .WithDescription(
                "Server-sent events: catalogue (a new version), run (a run started, progressed or ended) and heartbeat. The first events " +
                "give the current state. A client that reconnects with Last-Event-ID, as browsers do, gets what it missed, from any " +
                "replica. A client that reads too slowly is disconnected, and resumes in the same way. Versions in quick succession may " +
                "come as one event: /changes has them all. 410 means that the catalogue was restored from a backup or failed over, or " +
                "that the event is too old: connect without Last-Event-ID, and start a copy again with /export.")
            .WithTags("Operation")
            .ProducesProblems(StatusCodes.Status410Gone, StatusCodes.Status503ServiceUnavailable)
            .CheckParameters()
            .ProducesText(ContentType, Example);
    }

    private static async Task<IResult> GetAsync(
        HttpContext context,
        [FromHeader(Name = "Last-Event-ID")]
        [Description("The id of the last event that you received. Without a valid id the events start with the current state.")]
        string? lastEventId,
        EventStream events,
        EventHub hub,
        EventReader reader,
        CancellationToken cancellationToken)
    {
        var known = EventPosition.Parse(lastEventId);
        if (known is not null && !await reader.KnowsAsync(known.Stamp, cancellationToken))
        {
            return Problems.Result(StatusCodes.Status410Gone, UnknownPosition);
        }

        if (known is null && !hub.HasClients)
        {
            await reader.ReadAsync(cancellationToken); // Nothing has been read yet, so this responds 503 if the catalogue is unavailable.
        }

        // Otherwise proxies would hold back events until a buffer is full.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(events.ReadAsync(known, cancellationToken));
    }
}
