using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Npgsql;

namespace Kasparro.Benchmarks.Api;

/// <summary>
/// The server that the API is compared with: Kestrel and nothing else. <c>/fixed</c> responds with the bytes of one of the API's responses,
/// including header fields, <c>/body</c> with those of its body; <c>/cold</c> reads the same rows and total from Postgres, prepared and in
/// one round trip, and writes them with source-generated JSON.
/// </summary>
internal static class BareServer
{
    private const string TotalSql =
        "SELECT s.version, n.count FROM catalogue_state AS s, catalogue_counts AS n WHERE s.id = 1 AND n.scope = 'assets'";

    /// <summary>
    /// The command <c>bare</c>, which serves until it is killed. Its options are the catalogue (postgres) and a URL whose response
    /// <c>/fixed</c> repeats (sample).
    /// </summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var given = new ConfigurationBuilder().AddCommandLine(args).Build();
        if (given["postgres"] is not { } postgres || given["sample"] is not { } sample)
        {
            return Usage.Print();
        }

        using var http = new HttpClient();
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var answer = await http.GetAsync(new Uri(sample), cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        KeyValuePair<string, StringValues>[] fields =
        [
            .. answer.Headers.Where(field => field.Key is not ("Date" or "Connection" or "Transfer-Encoding"))
                .Select(field => KeyValuePair.Create(field.Key, new StringValues([.. field.Value]))),
        ];
        await using var catalogue = NpgsqlDataSource.Create(postgres);

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        await using var app = builder.Build();
        app.Run(context => context.Request.Path.Value switch
        {
            "/fixed" => WriteFixedAsync(context, fields, body),
            "/body" => WriteFixedAsync(context, [], body),
            "/cold" => WriteColdAsync(context, catalogue),
            _ => Task.CompletedTask,
        });
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static Task WriteFixedAsync(HttpContext context, ReadOnlySpan<KeyValuePair<string, StringValues>> fields, byte[] body)
    {
        foreach (var (name, value) in fields)
        {
            context.Response.Headers[name] = value;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        _ = context.Response.StartAsync(CancellationToken.None); // As the API does, straight into the connection's buffers.
        return context.Response.BodyWriter.WriteAsync(body, CancellationToken.None).AsTask();
    }

    private static async Task WriteColdAsync(HttpContext context, NpgsqlDataSource catalogue)
    {
        var page = int.Parse(context.Request.Query["page"]!, CultureInfo.InvariantCulture);
        var pageSize = int.Parse(context.Request.Query["page_size"]!, CultureInfo.InvariantCulture);
        await using var connection = await catalogue.OpenConnectionAsync(context.RequestAborted);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(TotalSql),
                new("""
                    SELECT symbol, name, price_usd, market_cap_usd, source, asset_id, updated_at FROM assets WHERE is_active
                    ORDER BY market_cap_usd DESC NULLS LAST, asset_id LIMIT $1 OFFSET $2
                    """)
                {
                    Parameters = { new NpgsqlParameter<int> { TypedValue = pageSize },
                        new NpgsqlParameter<int> { TypedValue = (page - 1) * pageSize } },
                },
            },
        };
        await batch.PrepareAsync(context.RequestAborted);
        await using var reader = await batch.ExecuteReaderAsync(context.RequestAborted);
        await reader.ReadAsync(context.RequestAborted);
        var total = reader.GetInt64(1);
        await reader.NextResultAsync(context.RequestAborted);
        var rows = new List<BareRow>(pageSize);
        while (await reader.ReadAsync(context.RequestAborted))
        {
            rows.Add(new(
                reader.GetString(0),
                reader.GetString(1),
                reader.IsDBNull(2) ? null : reader.GetDouble(2),
                reader.IsDBNull(3) ? null : reader.GetDouble(3),
                reader.GetString(4),
                reader.GetGuid(5),
                reader.GetDateTime(6)));
        }

        await context.Response.WriteAsJsonAsync(
            new BarePage(context.TraceIdentifier, 0, rows, total, page, pageSize), BareJson.Default.BarePage, contentType: null,
            context.RequestAborted);
    }
}

internal sealed record BarePage(string RequestId, double ApiLatencyMs, List<BareRow> Data, long Total, int Page, int PageSize);

internal sealed record BareRow(
    string Symbol, string Name, double? PriceUsd, double? MarketCap, string Source, Guid AssetId, DateTime UpdatedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BarePage))]
internal sealed partial class BareJson : JsonSerializerContext;
