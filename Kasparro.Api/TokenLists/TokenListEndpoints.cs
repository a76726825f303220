using System.Globalization;
using Kasparro.Api.Docs;
using Kasparro.Api.Http;

namespace Kasparro.Api.TokenLists;

internal static class TokenListEndpoints
{
    private const string WithoutDecimals = "Tokens-Without-Decimals";
    private const string Unfit = "Tokens-Unfit";

    public static void AddTokenLists(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TokenListReader>();
        builder.AddJson(TokenListJson.Default);
    }

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
        HttpContext context, [AsParameters] TokenListRequest request, TokenListReader lists, CancellationToken cancellationToken)
    {
        var ifNoneMatch = context.Request.Headers.IfNoneMatch;
        var list = await lists.ReadAsync(request.Chain, withBody: ifNoneMatch.Count == 0, cancellationToken);
        var isKnown = list is not null && EntityTags.Matches(ifNoneMatch, list.EntityTag);
        if (list is { Body: null } && !isKnown)
        {
            list = await lists.ReadAsync(request.Chain, withBody: true, cancellationToken);
        }

        if (list is null)
        {
            return TypedResults.NotFound();
        }

        var headers = context.Response.Headers;
        headers.ETag = list.EntityTag;
        headers.CacheControl = "no-cache";
        headers.LastModified = list.ChangedAt.ToString("R", CultureInfo.InvariantCulture);
        headers[WithoutDecimals] = list.WithoutDecimals.ToString(CultureInfo.InvariantCulture);
        headers[Unfit] = list.Unfit.ToString(CultureInfo.InvariantCulture);
        return isKnown ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Text(list.Body!, "application/json");
    }
}
