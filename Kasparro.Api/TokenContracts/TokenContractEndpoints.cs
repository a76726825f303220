using Kasparro.Api.Docs;
using Kasparro.Api.Errors;
using Kasparro.Api.Requests;

namespace Kasparro.Api.TokenContracts;

internal static class TokenContractEndpoints
{
    private const int MaxLength = 500;

    public static void AddTokenContracts(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TokenContractReader>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, TokenContractJson.Default));
    }

    public static void MapTokenContracts(this WebApplication app) =>

        // Addresses of some platforms have slashes in them.
        app.MapRead("/assets/by-contract/{platform}/{**address}", GetAsync)
            .WithName("GetAssetsByContract")
            .WithSummary("Find assets by contract")
            .WithDescription(
                "The assets whose sources name a contract. The platform is CoinGecko's id or CoinPaprika's. Addresses of EVM platforms are found in any case; those of " +
                "other platforms are case-sensitive.")
            .WithTags("Catalogue")
            .Produces(StatusCodes.Status200OK, TokenContractResponse.Example)
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .RefusingParameters();

    private static async Task<IResult> GetAsync(
        HttpContext context, string platform, string? address, TokenContractReader contracts, CancellationToken cancellationToken)
    {
        // Routing leaves an escaped slash as it is.
        address = address?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase) ?? "";
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Check("platform", platform);
        Check("address", address);
        if (errors.Count > 0)
        {
            await Problems.WriteInvalidQueryAsync(context, errors);
            return Results.Empty;
        }

        return await contracts.ReadAsync(platform, address, cancellationToken) is { } found
            ? TypedResults.Json(found, TokenContractJson.Default.TokenContractResponse)
            : TypedResults.NotFound();

        void Check(string name, string value)
        {
            if (string.IsNullOrWhiteSpace(value) || value.Length > MaxLength || value.Any(char.IsControl))
            {
                errors.Add(name, [$"must be 1 to {MaxLength} printable characters"]);
            }
        }
    }
}
