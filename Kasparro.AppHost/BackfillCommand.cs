using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Kasparro.AppHost;

/// <summary>The command that orders past prices: <c>POST /backfills</c> of the API, with the graph's own operator key.</summary>
internal static class BackfillCommand
{
    private static readonly (string Name, string Label, string Description)[] Inputs =
    [
        ("assets", "Assets", "Ids in any vocabularies, separated by commas."),
        ("top", "Top", "How many assets, by rank, in place of ids."),
        ("source", "Source", "The one source to ask: coinpaprika or coingecko."),
        ("from", "From", "The start, such as 2026-01-01; by default a year before the end."),
        ("to", "To", "The end; by default now."),
    ];

    /// <summary>Adds the command "Backfill".</summary>
    public static IResourceBuilder<ProjectResource> WithBackfillCommand(
        this IResourceBuilder<ProjectResource> api, IResourceBuilder<ParameterResource> operatorKey) =>
        api.WithHttpCommand("/backfills", "Backfill", commandName: "backfill", commandOptions: new()
        {
            Description = "Orders past prices, which are read while no source is due.",
            IconName = "History",
            Method = HttpMethod.Post,
            Arguments = [.. Inputs.Select(input => new InteractionInput
            {
                Name = input.Name, Label = input.Label, Description = input.Description, InputType = InputType.Text,
            })],
            PrepareRequest = async context =>
            {
                var key = await operatorKey.Resource.GetValueAsync(context.CancellationToken);
                context.Request.Headers.TryAddWithoutValidation("X-Api-Key", key);
                context.Request.Content = JsonContent.Create(CreateOrder(name => context.Arguments.GetString(name)));
            },
            GetCommandResult = async context =>
            {
                var body = await context.Response.Content.ReadAsStringAsync(context.CancellationToken);

                // The dashboard shows the message, the CLI the response.
                return context.Response.IsSuccessStatusCode
                    ? CommandResults.Success(
                        $"Backfill {JsonNode.Parse(body)!["backfill_id"]} is ordered.", body, CommandResultFormat.Json)
                    : CommandResults.Failure(body);
            },
        });

    private static JsonObject CreateOrder(Func<string, string?> get)
    {
        var order = new JsonObject();
        foreach (var (name, _, _) in Inputs)
        {
            if (get(name)?.Trim() is { Length: > 0 } value)
            {
                order[name] = name switch
                {
                    "assets" => new JsonArray([.. value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                        .Select(id => JsonValue.Create(id))]),
                    "top" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) => count,
                    _ => value,
                };
            }
        }

        return order;
    }
}
