using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.TokenContracts;

/// <summary>A request for the assets with a contract.</summary>
internal sealed record TokenContractRequest(
    [property: FromRoute(Name = "platform"),
        Description("The platform: CoinGecko's id or CoinPaprika's, CAIP-2 or a chain id, such as ethereum, eth-ethereum, eip155:1 or 1.")]
    [property: MaxLength(TokenContractRequest.MaxLength), RegularExpression(TokenContractRequest.Printable),
        Expected(TokenContractRequest.Expected)]
    string Platform,
    [property: FromRoute(Name = "address"), Description("The contract's address. Slashes in it need no escape.")]
    [property: MaxLength(TokenContractRequest.MaxLength), RegularExpression(TokenContractRequest.Printable),
        Expected(TokenContractRequest.Expected)]
    string? Address)
{
    private const int MaxLength = 500;
    private const string Printable = @"\P{Cc}*\S\P{Cc}*";
    private const string Expected = "must be 1 to 500 printable characters";
}
