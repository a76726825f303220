using System.Diagnostics.CodeAnalysis;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Kasparro.Api.Vendors;

/// <summary>Responds to requests for the vendors' routes from the page cache, keyed by the request as it was sent.</summary>
internal sealed class VendorPages(PageCache pages, TimeProvider time)
{
    private const string Mirrored = " mirror"; // The target of a request has no spaces.

    private static readonly StringValues Vary = "Accept-Encoding, User-Agent";
    private static readonly StringValues ContentType = "application/json; charset=utf-8";

    /// <summary>Gets the page if this process has it and knows that it is within the bound on staleness.</summary>
    public bool TryGet(HttpRequest request, [NotNullWhen(true)] out RenderedPage? page) =>
        pages.TryGet(CreateKey(request, VendorClient.From(request)), time.GetTimestamp(), out page);

    /// <summary>Responds with the page, rendered if it is not cached, or with the vendor's error.</summary>
    /// <param name="context">The request.</param>
    /// <param name="render">Renders the page for every client like this one; throws <see cref="VendorException"/> if the vendor would
    /// refuse the request. It may start after the request has ended and its context is in use by another, so it must not access the
    /// context.</param>
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

    /// <summary>Responds with a result that is created for each request, or with the vendor's error.</summary>
    /// <param name="context">The request.</param>
    /// <param name="respond">Creates the result; throws <see cref="VendorException"/> if the vendor would refuse the request.</param>
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

        // The raw target is used if it is sufficient: a target with fifty ids is then not concatenated for every request.
        var target = !client.IsMirror && ReferenceEquals(query, sent)
            ? request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget
            : string.Concat(request.Path.Value, query, client.IsMirror ? Mirrored : "");

        // Links to logos are absolute: clients that reach the service by another name get other pages.
        return PageKey.ForTarget(client.Origin, target);
    }

    /// <summary>Responds with a page.</summary>
    public static Task WriteAsync(HttpContext context, RenderedPage page) =>
        PageResponse.WriteAsync(context, page, head: [], ContentType, Vary);
}
