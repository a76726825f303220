using System.Diagnostics.CodeAnalysis;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Kasparro.Api.Vendors;

/// <summary>Responds to requests for the vendors' routes from the page cache, keyed by the request as it was sent.</summary>
internal sealed class VendorPages(PageCache pages, TimeProvider time)
{
    private const string Mirrored = " mirror"; // No target of a request holds a space.

    private static readonly StringValues Vary = "Accept-Encoding, User-Agent";
    private static readonly StringValues ContentType = "application/json; charset=utf-8";

    /// <summary>The page, where this process has it and knows that it is no older than the bound on staleness.</summary>
    public bool TryGet(HttpRequest request, [NotNullWhen(true)] out RenderedPage? page) =>
        pages.TryGet(CreateKey(request, VendorClient.From(request)), time.GetTimestamp(), out page);

    /// <summary>Responds with the page, rendered where it is not kept; or with the vendor's error.</summary>
    /// <param name="context">The request.</param>
    /// <param name="render">
    /// Renders it for all who ask as this client does; throws <see cref="VendorException"/> where the vendor would refuse. It may begin
    /// when the request is over, and its context another one's: it must not look there.
    /// </param>
    public async Task RespondAsync(HttpContext context, Func<VendorClient, Task<RenderedPage>> render)
    {
        var client = VendorClient.From(context.Request);
        var key = CreateKey(context.Request, client);
        if (!pages.TryGet(key, time.GetTimestamp(), out var page))
        {
            try
            {
                page = await pages.GetMissingAsync(key, () => render(client), context.RequestAborted);
            }
            catch (VendorException refused)
            {
                await VendorErrors.WriteAsync(context, refused.Status, refused.Message);
                return;
            }
        }

        await WriteAsync(context, page);
    }

    /// <summary>Responds with what is made of each request, or with the vendor's error.</summary>
    /// <param name="context">The request.</param>
    /// <param name="respond">Makes it; throws <see cref="VendorException"/> where the vendor would refuse.</param>
    public static async Task RunAsync(HttpContext context, Func<VendorClient, Task<IResult>> respond)
    {
        IResult result;
        try
        {
            result = await respond(VendorClient.From(context.Request));
        }
        catch (VendorException refused)
        {
            await VendorErrors.WriteAsync(context, refused.Status, refused.Message);
            return;
        }

        await result.ExecuteAsync(context);
    }

    private static PageKey CreateKey(HttpRequest request, VendorClient client)
    {
        var sent = request.QueryString.Value;
        var query = VendorKeys.WithoutKey(sent);

        // As it was sent, where that says all: a target of fifty ids is not put together again for each request.
        var target = !client.IsMirror && ReferenceEquals(query, sent)
            ? request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget
            : string.Concat(request.Path.Value, query, client.IsMirror ? Mirrored : "");

        // Links to logos are absolute: clients that reach the service by another name get pages of their own.
        return PageKey.ForTarget(client.Origin, target);
    }

    /// <summary>Responds with a page.</summary>
    public static Task WriteAsync(HttpContext context, RenderedPage page) =>
        PageResponse.WriteAsync(context, page, head: [], ContentType, Vary);
}
