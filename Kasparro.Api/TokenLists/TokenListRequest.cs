using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.TokenLists;

/// <summary>A request for a chain's token list.</summary>
internal sealed record TokenListRequest(
    [property: FromRoute(Name = "chain"), Description("The chain: its chain id, or the platform's id, such as 1 or ethereum.")]
    [property: MaxLength(TokenListRequest.MaxLength), RegularExpression(@"\P{Cc}*\S\P{Cc}*"),
        Expected("must be a chain id, or 1 to 100 printable characters")]
    string Chain)
{
    private const int MaxLength = 100;
}
