using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Kasparro.Api.TokenLists;

internal static class TokenListEndpoints
{
    private const string WithoutDecimals = "Tokens-Without-Decimals";
    private const string Unfit = "Tokens-Unfit";

    public static void AddTokenLists(this WebApplicationBuilder builder) => builder.Services.AddSingleton<TokenListReader>();

    public static void MapTokenLists(this WebApplication app) =>
        app.MapRead("/tokenlists/{chain}.json", GetAsync)
            .WithName("GetTokenList")
            .WithSummary("Show a chain's tokens as a token list")
            .WithDescription(
                "The tokens of an EVM chain in Uniswap's token list format, at most 10000, the largest by market capitalisation first. " +
                "The version's major number moves when a token is removed, minor when one is added, patch when details change. The " +
                "format requires decimals, which an operator's files supply: tokens without are left out, and a chain without any is not " +
                "found (404).")
            .WithTags("Identity")
            .Produces(StatusCodes.Status200OK, TokenListResponse.Example)
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .WithResponseHeader(StatusCodes.Status200OK, "ETag", "Differs for each version; for If-None-Match.")
            .WithResponseHeader(StatusCodes.Status200OK, WithoutDecimals,
                "Tokens of the chain that are left out because no file has their decimals.")
            .WithResponseHeader(
                StatusCodes.Status200OK, Unfit, "Tokens that are left out because the format does not allow their symbol, or more tokens.")
            .CheckParameters();

    private static async Task<IResult> GetAsync(
        HttpContext context,
        [FromRoute(Name = "chain"), Description("The chain: its chain id, or the platform's id, such as 1, eip155:1 or ethereum.")]
        [MaxLength(100)]
        [RegularExpression(@"\P{Cc}*\S\P{Cc}*"), Expected("must be a chain id, or 1 to 100 printable characters")]
        string chain,
        TokenListReader lists,
        CancellationToken cancellationToken)
    {
        if (await lists.ReadAsync(chain, cancellationToken) is not { } list)
        {
            return TypedResults.NotFound();
        }

        var headers = context.Response.Headers;
        headers[WithoutDecimals] = list.WithoutDecimals.ToString(CultureInfo.InvariantCulture);
        headers[Unfit] = list.Unfit.ToString(CultureInfo.InvariantCulture);

        // Weak, since each content coding of the list has the same tag.
        return TypedResults.Bytes(
            list.Body, "application/json; charset=utf-8", lastModified: list.ChangedAt,
            entityTag: new EntityTagHeaderValue(list.EntityTag, isWeak: true));
    }
}
