using System.Globalization;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Api.Export;

/// <summary>Sends exports, either completely or broken off in a way that the client notices.</summary>
internal sealed partial class ExportSender(
    ExportReader exports, IOptions<ApiOptions> options, TimeProvider time, ILogger<ExportSender> logger)
{
    /// <summary>The header with the catalogue's state that an export belongs to, which <c>/changes</c> takes as <c>since</c>.</summary>
    public const string VersionHeader = CorsPolicyExtensions.CatalogueVersionHeader;

    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(10);

    /// <summary>Reads the rows and streams them; a HEAD request gets the headers only.</summary>
    /// <param name="context">The request.</param>
    /// <param name="format">The format.</param>
    /// <param name="name">The name of the file; the catalogue's version is added to it.</param>
    /// <param name="sql">Creates the statement that reads the rows.</param>
    /// <param name="read">Reads a row.</param>
    /// <param name="create">Creates the writer of the format.</param>
    /// <typeparam name="T">The type of the rows.</typeparam>
    /// <exception cref="Postgres.CatalogueUnavailableException">
    /// Postgres does not respond in time, or too many exports run already.
    /// </exception>
    public async Task SendAsync<T>(
        HttpContext context,
        ExportFormat format,
        string name,
        Func<NpgsqlBatchCommand> sql,
        Func<NpgsqlDataReader, T> read,
        Func<HttpResponse, CancellationToken, Task<IExportWriter<T>>> create)
    {
        await using var rows = await exports.OpenAsync(sql, ClientKey.From(context.Connection.RemoteIpAddress), context.RequestAborted);
        context.Response.ContentType = format.ContentType;
        context.Response.Headers[VersionHeader] = rows.Stamp.ToString();
        context.Response.Headers.ContentDisposition = string.Create(
            CultureInfo.InvariantCulture, $"attachment; filename=\"kasparro-{name}-{rows.Stamp.Version}.{format.Name}\"");
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        // A client that reads a byte now and then would hold a place, a connection and a snapshot for days.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = new(options.Value.ExportMinBytesPerSecond, GracePeriod);
        }

        using var timeout = new CancellationTokenSource(options.Value.ExportTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        try
        {
            await using var writer = await create(context.Response, either.Token);
            await rows.WriteToAsync(writer, read, either.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or NpgsqlException)
        {
            // What was sent so far must not look complete.
            Log.BrokenOff(
                logger, format.Name, timeout.IsCancellationRequested ? $"it took longer than {options.Value.ExportTimeout}"
                    : context.RequestAborted.IsCancellationRequested ? "the client went away or read too slowly" : exception.Message);
            context.Abort();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "An export as {Format} broke off: {Reason}")]
        public static partial void BrokenOff(ILogger logger, string format, string reason);
    }
}
