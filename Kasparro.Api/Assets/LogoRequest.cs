using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Assets;

/// <summary>A request for an asset's logo.</summary>
internal sealed record LogoRequest(
    [property: FromRoute(Name = "id"), Description("The asset's id, or its id in another vocabulary, as in /assets/{id}.")]
    AssetIdentifier Id);
