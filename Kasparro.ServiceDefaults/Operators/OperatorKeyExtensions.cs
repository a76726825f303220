using Kasparro.ServiceDefaults.Operators;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Restricts routes that write to operators, who have the key.</summary>
public static class OperatorKeyExtensions
{
    /// <summary>The header that carries an operator key.</summary>
    public const string Header = "X-Api-Key";

    private const string Scheme = "OperatorKey";

    private static readonly AuthorizationPolicy Policy = new AuthorizationPolicyBuilder(Scheme).RequireAuthenticatedUser().Build();

    /// <summary>
    /// Adds the operator keys: <c>Operator:Key</c> and <c>Operator:PreviousKey</c>, each empty or at least
    /// <see cref="OperatorKeys.MinLength"/> characters long. <c>Operator:KeyDirectory</c> may name a folder with the files
    /// <c>Operator__Key</c> and <c>Operator__PreviousKey</c>, such as a mounted secret: they take precedence and are reloaded when they
    /// change. Requires <see cref="UseOperatorKeys"/>.
    /// </summary>
    public static TBuilder AddOperatorKeys<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        if (builder.Configuration["Operator:KeyDirectory"] is { Length: > 0 } directory)
        {
            builder.Configuration.AddKeyPerFile(Path.GetFullPath(directory), optional: true, reloadOnChange: true);
        }

        builder.Services.AddSettingNames("Operator", "Key", "PreviousKey", "KeyDirectory");
        builder.Services.AddSettingsCheck(OperatorKeys.FindMistakes);
        builder.Services.AddSingleton<OperatorKeys>();
        builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, OperatorKeyHandler>(Scheme, _ => { });
        builder.Services.AddAuthorization();
        return builder;
    }

    /// <summary>Adds the check to the pipeline: after routing, and after everything that is served without it.</summary>
    /// <exception cref="InvalidOperationException">A key is too short.</exception>
    public static WebApplication UseOperatorKeys(this WebApplication app)
    {
        app.Services.GetRequiredService<OperatorKeys>();
        app.UseAuthentication();
        app.UseAuthorization();
        return app;
    }

    /// <summary>Allows only operators: 401 without a valid <see cref="Header"/>, 403 if no key is configured.</summary>
    public static TBuilder RequireOperatorKey<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(Policy);
}
