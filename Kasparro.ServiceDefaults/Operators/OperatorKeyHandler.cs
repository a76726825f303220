using System.Diagnostics.Metrics;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kasparro.ServiceDefaults.Operators;

/// <summary>
/// Authenticates requests with an operator key in <c>X-Api-Key</c>: 401 without one or with a wrong one, 403 if no key is configured. Each
/// use and each refusal is logged in the audit log (category <c>Kasparro.Audit</c>) and counted in <c>kasparro.operator.requests</c>.
/// </summary>
internal sealed partial class OperatorKeyHandler(
    OperatorKeys keys, IMeterFactory meters, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers,
    UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private readonly ILogger _audit = loggers.CreateLogger("Kasparro.Audit");

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // As the only scheme, it is tried for every request, but routes without the policy do not need a key.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<AuthorizationPolicy>() is null)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var presented = Request.Headers[OperatorKeyExtensions.Header].ToString();
        if (presented.Length == 0)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (keys.Find(presented) is not { } name)
        {
            return Task.FromResult(AuthenticateResult.Fail("not an operator key"));
        }

        Count("accepted");
        Log.Used(_audit, name, Request.Method, Request.Path, Client);
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, $"Operator:{name}")], Scheme.Name);
        return Task.FromResult(AuthenticateResult.Success(new(new(identity), Scheme.Name)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var configured = keys.AreConfigured;
        Count(configured ? "refused" : "not_configured");
        Log.Refused(_audit, Request.Method, Request.Path, Client,
            configured ? "no operator key, or a wrong one" : "no operator key is configured");
        if (!configured)
        {
            Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = $"ApiKey realm=\"kasparro\", header=\"{OperatorKeyExtensions.Header}\"";
        return Task.CompletedTask;
    }

    private string Client => Context.Connection.RemoteIpAddress?.ToString() ?? "an unknown address";

    private void Count(string outcome) =>
        meters.Create("Kasparro.Operator").CreateCounter<long>("kasparro.operator.requests", "{request}", "Requests to routes that write")
            .Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Operator:{KeyName} used: {Method} {Path} from {Client}")]
        public static partial void Used(ILogger logger, string keyName, string method, PathString path, string client);

        [LoggerMessage(LogLevel.Warning, "Refused: {Method} {Path} from {Client}: {Reason}")]
        public static partial void Refused(ILogger logger, string method, PathString path, string client, string reason);
    }
}
