using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kasparro.Api.TokenContracts;

internal static class TokenContractEndpoints
{
    public static void AddTokenContracts(this WebApplicationBuilder builder) => builder.Services.AddSingleton<TokenContractReader>();

    public static void MapTokenContracts(this WebApplication app) =>

        // Addresses of some platforms contain slashes.
        app.MapRead("/assets/by-contract/{platform}/{**address}", GetAsync)
            .WithName("GetAssetsByContract")
            .WithSummary("Find assets by contract")
            .WithDescription(
                "The assets whose sources name a contract. The platform is CoinGecko's id or CoinPaprika's, a CAIP-2 id or a chain " +
                "id. Addresses of EVM platforms are found in any case; those of other platforms are case-sensitive.")
            .WithTags("Catalogue")
            .Produces(StatusCodes.Status200OK, TokenContractResponse.Example)
            .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();

    private static async Task<Results<Ok<TokenContractResponse>, NotFound>> GetAsync(
        [AsParameters] TokenContractRequest request, TokenContractReader contracts, CancellationToken cancellationToken)
    {
        // Routing does not unescape slashes.
        var address = request.Address!.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return await contracts.ReadAsync(request.Platform, address, cancellationToken) is { } found
            ? TypedResults.Ok(found)
            : TypedResults.NotFound();
    }
}
