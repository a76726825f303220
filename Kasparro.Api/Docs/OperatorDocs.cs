using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>Which routes are for operators, and how one shows to be one.</summary>
internal static class OperatorDocs
{
    private const string Scheme = "OperatorKey";

    /// <summary>The scheme, for the document's components.</summary>
    public static KeyValuePair<string, IOpenApiSecurityScheme> SecurityScheme => new(Scheme, new OpenApiSecurityScheme
    {
        Type = SecuritySchemeType.ApiKey,
        In = ParameterLocation.Header,
        Name = OperatorKeyExtensions.Header,
        Description = "An operator's key: what the service's Operator__Key says, or Operator__PreviousKey while keys are changed.",
    });

    /// <summary>Says of a route that demands a key that it does.</summary>
    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Any())
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
        }

        return Task.CompletedTask;
    }
}
