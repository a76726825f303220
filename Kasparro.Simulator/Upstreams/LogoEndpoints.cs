namespace Kasparro.Simulator.Upstreams;

/// <summary>The hosts of the vendors' logos: <c>/logos/{host}/{path}</c> has a different picture for every URL.</summary>
internal static class LogoEndpoints
{
    public static void MapLogos(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/logos/{host}/{**path}", async context =>
            {
                var picture = LogoPicture.Draw(context.Request.Path.Value!);
                context.Response.ContentType = "image/png";
                context.Response.ContentLength = picture.Length;
                await context.Response.BodyWriter.WriteAsync(picture, context.RequestAborted);
            })
            .WithMetadata(new UpstreamRoute(UpstreamRoute.CoinGecko, "/logos/{host}/{path}"));
}
