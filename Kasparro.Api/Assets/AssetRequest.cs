using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Assets;

/// <summary>A request for one asset.</summary>
internal sealed record AssetRequest(
    [property: FromRoute(Name = "id"), Description(
        "The asset's id, or its id in another vocabulary: SOURCE:ID, a source's own id, CAIP-19, CHAIN-ID:ADDRESS or PLATFORM:ADDRESS. " +
        "Slashes need no escape.")]
    AssetIdentifier Id);
