using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Web;

namespace Kasparro.Benchmarks.Ingestion;

/// <summary>
/// Both upstreams as bytes that are rendered beforehand, so that the ingestion is timed and not the generation of its input. CoinGecko
/// responds in pages of 250, CoinPaprika with a single response, and the dollar has a rate; all other lists are empty.
/// </summary>
internal sealed class CannedUpstream
{
    private const int PageSize = 250;

    private static readonly byte[] Empty = "[]"u8.ToArray();

    private static readonly byte[] Dollar =
        """{"rates":{"usd":{"name":"US Dollar","unit":"$","value":60000,"type":"fiat"}}}"""u8.ToArray();

    private readonly byte[][] _markets;
    private readonly byte[] _tickers;
    private readonly byte[] _rates;

    private CannedUpstream(byte[][] markets, byte[] tickers, byte[] rates)
    {
        _markets = markets;
        _tickers = tickers;
        _rates = rates;
    }

    /// <summary>An upstream without data.</summary>
    public static CannedUpstream OfNothing { get; } = new([], Empty, Dollar);

    /// <summary>Creates an upstream that responds with these pages of markets, these tickers and these exchange rates.</summary>
    public static CannedUpstream From(byte[][] markets, byte[] tickers, byte[] rates) => new(markets, tickers, rates);

    public static CannedUpstream Create(SyntheticRecords records, int count, bool changed)
    {
        var markets = Enumerable.Range(0, (count + PageSize - 1) / PageSize)
            .Select(page => records.Markets(page * PageSize, Math.Min(PageSize, count - (page * PageSize)), changed))
            .ToArray();
        return new(markets, records.Tickers(count, changed), Dollar);
    }

    /// <summary>Gets the response to a request.</summary>
    public byte[] Answer(string path, string query)
    {
        if (path.EndsWith("/tickers", StringComparison.Ordinal))
        {
            return _tickers;
        }

        if (path.EndsWith("/exchange_rates", StringComparison.Ordinal))
        {
            return _rates;
        }

        if (!path.EndsWith("/coins/markets", StringComparison.Ordinal))
        {
            return Empty;
        }

        var page = int.Parse(HttpUtility.ParseQueryString(query)["page"]!, CultureInfo.InvariantCulture);
        return page <= _markets.Length ? _markets[page - 1] : Empty;
    }

    /// <summary>Responds within the process, in place of the network.</summary>
    internal sealed class Handler(Func<CannedUpstream> upstream) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var content = new ByteArrayContent(upstream().Answer(request.RequestUri!.AbsolutePath, request.RequestUri.Query));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request });
        }
    }
}
