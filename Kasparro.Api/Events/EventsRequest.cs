using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Events;

/// <summary>The parameters of <c>/events</c> for the OpenAPI document.</summary>
internal sealed record EventsParameters(
    [property: FromHeader(Name = EventsEndpoints.LastEventId),
        Description("The id of the last event that you received. Without a valid id the events start with the current state.")]
    string? LastEventId = null);
