using System.Text.Json;
using System.Text.Json.Serialization;
using Kasparro.Simulator.Upstreams;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kasparro.Simulator.Faults;

/// <summary><c>/faults</c> and <c>/requests</c>, with which a test injects faults and reads which requests were made.</summary>
internal static class FaultEndpoints
{
    private const int MaxStatus = 599;

    public static void MapFaults(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/faults", Add).WithName("AddFault");
        routes.MapGet("/faults", (FaultPlan plan) => TypedResults.Ok(plan.List())).WithName("ListFaults");
        routes.MapDelete("/faults", Clear).WithName("ClearFaults");
        routes.MapGet("/requests", (RequestLedger ledger) => TypedResults.Ok(ledger.List())).WithName("CountRequests");
        routes.MapDelete("/requests", ClearRequests).WithName("ClearRequests");
    }

    private static Results<Created<Fault>, ValidationProblem> Add(Fault fault, FaultPlan plan, EndpointDataSource endpoints)
    {
        if (Validate(fault, endpoints) is { Count: > 0 } errors)
        {
            return TypedResults.ValidationProblem(errors);
        }

        plan.Add(fault);
        return TypedResults.Created((string?)null, fault);
    }

    private static NoContent Clear(FaultPlan plan)
    {
        plan.Clear();
        return TypedResults.NoContent();
    }

    private static NoContent ClearRequests(RequestLedger ledger)
    {
        ledger.Clear();
        return TypedResults.NoContent();
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Rejects a fault that could never take effect, which is a mistake of the test.</summary>
    private static Dictionary<string, string[]> Validate(Fault fault, EndpointDataSource endpoints)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var routes = endpoints.Endpoints.Select(e => e.Metadata.GetMetadata<UpstreamRoute>()).OfType<UpstreamRoute>()
            .Where(r => fault.Upstream is null || r.Upstream == fault.Upstream).Select(r => r.Route).ToArray();
        if (routes.Length == 0)
        {
            errors["upstream"] = [$"expected {UpstreamRoute.CoinPaprika} or {UpstreamRoute.CoinGecko}"];
        }
        else if (fault.Route is not null && !routes.Contains(fault.Route, StringComparer.Ordinal))
        {
            errors["route"] = [$"expected one of {string.Join(", ", routes)}"];
        }

        if (fault.Status is < StatusCodes.Status200OK or > MaxStatus)
        {
            errors["status"] = [$"expected {StatusCodes.Status200OK} to {MaxStatus}"];
        }

        if (fault.Encoding is not null && !ContentCoding.All.Contains(fault.Encoding, StringComparer.Ordinal))
        {
            errors["encoding"] = [$"expected one of {string.Join(", ", ContentCoding.All)}"];
        }

        if (fault.Value is not null && !IsJson(fault.Value))
        {
            errors["value"] = ["expected JSON, such as 0, \"NaN\" or null"];
        }

        (string Name, int? Value)[] counts =
        [
            ("times", fault.Times), ("afterRequests", fault.AfterRequests), ("bytes", fault.Bytes), ("page", fault.Page),
            ("delayMilliseconds", fault.DelayMilliseconds),
        ];
        foreach (var (name, value) in counts)
        {
            if (value < 0)
            {
                errors[name] = ["expected 0 or more"];
            }
        }

        return errors;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Fault))]
[JsonSerializable(typeof(IReadOnlyList<FaultState>))]
[JsonSerializable(typeof(IReadOnlyList<RouteCount>))]
[JsonSerializable(typeof(Microsoft.AspNetCore.Http.HttpValidationProblemDetails))]
internal sealed partial class FaultJson : JsonSerializerContext;
