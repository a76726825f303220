using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kasparro.Api.Events;

internal static class EventsEndpoints
{
    /// <summary>What a client that reconnects sends: the id of the last event it got.</summary>
    public const string LastEventId = "Last-Event-ID";

    /// <summary>The media type of server-sent events.</summary>
    public const string ContentType = "text/event-stream";

    private const string Path = "/events";

    private const string Example = """
        event: catalogue
        data: {"version":813,"changed_at":"2026-11-20T12:00:00Z"}
        id: 813.638992224000000000
        retry: 2000


        """;

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
        app.MapMethods(Path, [HttpMethods.Head], static context =>
        {
            context.Response.ContentType = ContentType;
            return Task.CompletedTask;
        }).ExcludeFromDescription();
        app.MapGet(Path, Get)
            .WithName("GetEvents")
            .WithSummary("Follow events")
            .WithDescription(
                "Server-sent events: catalogue (a new version), run (a run started, progressed or ended) and heartbeat. The first events give the current state. A client " +
                "that reconnects with Last-Event-ID, as browsers do, gets the events that it missed, from any replica. The connection of a client that reads too slowly " +
                "is closed; it resumes in the same way. Versions in quick succession may come as one event: /changes has them all.")
            .WithTags("Operation")
            .ProducesProblems(StatusCodes.Status400BadRequest)
            .CheckParameters()
            .ProducesText(ContentType, Example)
            .DescribeParameters<EventsParameters>();
    }

    private static ServerSentEventsResult<string> Get(HttpContext context, EventStream events, CancellationToken cancellationToken)
    {
        // Proxies would hold events back until a buffer is full.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(events.ReadAsync(EventPosition.Parse(context.Request.Headers[LastEventId]), cancellationToken));
    }
}
