using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Assets;

/// <summary>A request for one asset.</summary>
internal sealed record AssetRequest(
    [FromRoute(Name = "id"), Description("The asset's id. The id of an asset that was merged into another one is redirected.")] Guid Id);
