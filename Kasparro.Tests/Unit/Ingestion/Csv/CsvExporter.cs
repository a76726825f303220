using System.Globalization;
using System.IO.Compression;
using System.Text;
using Kasparro.Ingestion.Sources.Csv;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

/// <summary>A row that a program exports.</summary>
public sealed record ExportedRow(
    string Id,
    string Symbol,
    string Name,
    decimal Price,
    decimal? MarketCap,
    decimal? Volume,
    int? Rank,
    decimal? Supply,
    DateTimeOffset? Time);

/// <summary>The habits of a program that exports CSV.</summary>
internal sealed record CsvExporter(string Name)
{
    private static readonly string[] PlainHeader =
        ["id", "symbol", "name", "price_usd", "market_cap", "volume_24h", "rank", "circulating_supply", "updated_at"];

    public char Delimiter { get; init; } = ',';

    public string LineBreak { get; init; } = "\n";

    public Encoding Encoding { get; init; } = new UTF8Encoding(false);

    /// <summary>Whether every field is quoted; otherwise only those that need it.</summary>
    public bool QuotesAll { get; init; }

    /// <summary>Whether nothing is quoted; a text then contains neither delimiters nor line breaks.</summary>
    public bool QuotesNothing { get; init; }

    public string[] Header { get; init; } = PlainHeader;

    public string Preamble { get; init; } = "";

    public string RowEnd { get; init; } = "";

    public string HeaderEnd { get; init; } = "";

    public string BlankRow { get; init; } = "";

    public string Footer { get; init; } = "";

    public string Null { get; init; } = "";

    /// <summary>The text for an unknown amount of money; null if it is the same as in other cells.</summary>
    public string? NoMoney { get; init; }

    /// <summary>Whether the delimiters of a row's trailing blank cells are omitted.</summary>
    public bool LeavesOutBlankEnds { get; init; }

    /// <summary>Formats a text before it is quoted.</summary>
    public Func<string, string> Text { get; init; } = text => text;

    public Func<decimal, string> Money { get; init; } = Plain;

    public Func<decimal, string> Number { get; init; } = Plain;

    public Func<int, string> Rank { get; init; } = rank => rank.ToString(CultureInfo.InvariantCulture);

    public Func<DateTimeOffset, string> Time { get; init; } = time => Format(time, "yyyy-MM-dd'T'HH:mm:ss'Z'");

    public bool IsCompressed { get; init; }

    /// <summary>Whether the first column has no name, as in tables with row labels.</summary>
    public bool HasRowLabels { get; init; }

    public CsvOptions Options { get; init; } = new();

    /// <summary>Many common exporters, with their default behaviour or particular settings.</summary>
    public static IReadOnlyList<CsvExporter> All { get; } =
    [
        new("RFC 4180") { LineBreak = "\r\n" },
        new("Excel, English")
        {
            LineBreak = "\r\n",
            Encoding = new UTF8Encoding(true),
            Money = Grouped('.', ","),
            Number = Grouped('.', ","),
            BlankRow = ",,,,,,,,",
            Time = time => Format(time, "M/d/yyyy H:mm:ss"),
            Options = new() { TimeFormat = "month-first" },
        },
        new("Excel, German")
        {
            Delimiter = ';',
            LineBreak = "\r\n",
            Preamble = "sep=;\r\n",
            Encoding = Encoding.GetEncoding("iso-8859-1"),
            Money = Grouped(',', "."),
            Number = Grouped(',', "."),
            Time = time => Format(time, "dd.MM.yyyy HH:mm:ss"),
            Options = new() { Encoding = "iso-8859-1", TimeFormat = "day-first" },
        },
        new("Excel, French")
        {
            Delimiter = ';',
            LineBreak = "\r\n",
            Encoding = new UTF8Encoding(true),
            Money = Grouped(',', "\u202F"),
            Number = Grouped(',', "\u202F"),
            BlankRow = ";;;;;;;;",
            Time = time => Format(time, "dd/MM/yyyy HH:mm:ss"),
            Options = new() { TimeFormat = "day-first" },
        },
        new("LibreOffice, all quoted") { QuotesAll = true, Money = Grouped(',', ""), Number = Grouped(',', "") },
        new("Google Sheets")
        {
            LineBreak = "\r\n",
            Money = value => "$" + Grouped('.', ",")(value),
            Number = Grouped('.', ","),
            Null = "#N/A",
        },
        new("pandas") { Time = time => Format(time, "yyyy-MM-dd HH:mm:ss+00:00"), Number = Scientific },
        new("pandas with an index, tabs and NaN")
        {
            Delimiter = '\t',
            HasRowLabels = true,
            Null = "NaN",
            Time = time => Format(time, "yyyy-MM-dd HH:mm:ss.fffffff'00Z'"),
        },
        new("pandas, compressed") { IsCompressed = true, Null = "<NA>" },
        new("R") { QuotesAll = true, HasRowLabels = true, Null = "NA", Time = time => Format(time, "yyyy-MM-dd HH:mm:ss") },
        new("MySQL") { Delimiter = '\t', QuotesNothing = true, Null = "\\N", Time = time => Format(time, "yyyy-MM-dd HH:mm:ss") },
        new("PostgreSQL") { Time = time => Format(time, "yyyy-MM-dd HH:mm:ss+00") },
        new("SQL Server")
        {
            Delimiter = '\t',
            LineBreak = "\r\n",
            Encoding = Encoding.Unicode,
            Null = "NULL",
            Time = time => Format(time, "yyyy-MM-dd HH:mm:ss.fffffff +00:00"),
        },
        new("Java") { Delimiter = '|', Null = "null", Time = time => $"{time.ToUnixTimeMilliseconds()}" },
        new("JavaScript, Switzerland")
        {
            Money = Grouped('.', "\u2019"),
            Number = Grouped('.', "'"),
            Time = time => Format(time, "yyyy-MM-dd'T'HH:mm:ss'.000Z'"),
        },
        new("Go") { Time = time => Format(time, "yyyy-MM-dd'T'HH:mm:ss'.000000000Z'"), Null = "nil" },
        new("Rust") { Time = time => $"{time.ToUnixTimeSeconds()}000000000", RowEnd = "," },
        new("CoinGecko")
        {
            Header = ["id", "symbol", "name", "price", "market_cap", "total_volume", "market_cap_rank", "circulating_supply", "snapped_at"],
            Time = time => Format(time, "yyyy-MM-dd HH:mm:ss 'UTC'"),
        },
        new("A table of a web page")
        {
            Header =
            [
                "Coin ID", "Symbol", "Name", "Price (USD)*", "Market Cap ($)", "24h Volume**", "#", "Circulating Supply [1]",
                "Last Updated (UTC)",
            ],
            Money = value => Grouped('.', ",")(value) + " USD",
            Null = "--",
            Rank = rank => $"#{rank}",
            Time = time => Format(time, "MMM d, yyyy HH:mm:ss"),
            Footer = "# 1: estimated\n",
        },
        new("A download with its source's address first")
        {
            Preamble = "Times are UTC,https://prices.example/download\n\n",
            Header = ["id", "Symbol", "Name", "Close", "Market cap USD", "Volume USD", "Rank", "Circ. supply", "Unix"],
            Time = time => $"{time.ToUnixTimeSeconds()}.0",
            Null = "-",
        },
        new("A business system")
        {
            Delimiter = ';',
            HeaderEnd = ";",
            RowEnd = ";",
            Preamble = "# exported by example 1.0\r\n# 2026-11-20\r\n",
            LineBreak = "\r\n",
            Time = time => Format(time, "yyyyMMdd'T'HHmmss'Z'"),
            Money = Grouped('.', "\u00A0"),
            Null = "n.a.",
        },
        new("A spreadsheet that forces texts")
        {
            Text = text => $"=\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
            QuotesAll = true,
            Null = "\u2014",
        },
        new("An old Mac") { LineBreak = "\r", Encoding = Encoding.BigEndianUnicode, QuotesAll = true, Null = "?" },
        new("India")
        {
            Money = value => $"$ {Indian(value)}",
            Number = Indian,
            Null = "unknown",
            Time = time => Format(time, "dd MMM yyyy h:mm:ss tt"),
        },
        new("Two byte order marks")
        {
            Preamble = "\uFEFF",
            Encoding = new UTF8Encoding(true),
            Header = ["id\u200B", "symbol", "name", "price\u2060_usd", "market_cap", "volume", "rank", "circulating_supply", "timestamp"],
            Time = time => $"{time.ToUnixTimeSeconds()}",
        },
        new("pandas, CoinMarketCap's answers as columns")
        {
            Header =
            [
                "id", "symbol", "name", "quote.USD.price", "quote.USD.market_cap", "quote.USD.volume_24h", "cmc_rank",
                "circulating_supply", "quote.USD.last_updated",
            ],
            Null = "nan",
            Time = time => Format(time, "yyyy-MM-dd HH:mm:ss '+0000 UTC'"),
        },
        new("pandas, CoinPaprika's answers as columns")
        {
            Header =
            [
                "id", "symbol", "name", "quotes.USD.price", "quotes.USD.market_cap", "quotes.USD.volume_24h", "rank",
                "circulating_supply", "last_updated",
            ],
            Null = "NaT",
            Time = time => Format(time, "ddd, d MMM yyyy HH:mm:ss '+0000'"),
        },
        new("pandas, CoinGecko's answers as columns")
        {
            Header =
            [
                "id", "symbol", "name", "market_data.current_price.usd", "market_data.market_cap.usd", "market_data.total_volume.usd",
                "market_data.market_cap_rank", "market_data.circulating_supply", "market_data.last_updated",
            ],
            Time = time => Format(time.ToOffset(TimeSpan.FromHours(1)), "yyyy-MM-dd'T'HH:mm:sszzz'[Europe/Berlin]'"),
        },
        new("JavaScript's dates")
        {
            QuotesAll = true,
            Null = "undefined",
            Time = time => Format(time, "ddd MMM dd yyyy HH:mm:ss 'GMT+0000 (Coordinated Universal Time)'"),
        },
        new("Excel, accounting")
        {
            LineBreak = "\r\n",
            Encoding = new UTF8Encoding(true),
            Money = value => $" ${Grouped('.', ",")(value)} ",
            NoMoney = " $-   ",
            Null = "#VALUE!",
            Time = time => Format(time, "d-MMM-yy H:mm:ss"),
        },
        new("Excel, blank ends left out") { LineBreak = "\r\n", LeavesOutBlankEnds = true, Number = Grouped('.', ",") },
        new("Excel, Unicode text, German")
        {
            Delimiter = '\t',
            LineBreak = "\r\n",
            Encoding = Encoding.Unicode,
            Money = Grouped(',', "."),
            Number = Grouped(',', "."),
            Null = "#NV",
            Time = time => Format(time, "dd.MM.yyyy HH:mm:ss"),
            Options = new() { TimeFormat = "day-first" },
        },
        new("A spreadsheet's dates")
        {
            Delimiter = ';',
            Money = Grouped(',', " "),
            Number = Grouped(',', " "),
            Null = "TBD",
            Time = Serial,
            Options = new() { TimeFormat = "excel" },
        },
    ];

    public override string ToString() => Name;

    /// <summary>Gets the nearest double; a cast may give its neighbour.</summary>
    public static double ToDouble(decimal value) => double.Parse(Plain(value), CultureInfo.InvariantCulture);

    /// <summary>Reduces a text to what this exporter can write: some have no quotes, and some encodings have few letters.</summary>
    public string Writable(string text)
    {
        text = QuotesNothing ? string.Concat(text.Where(c => c != Delimiter && c is not ('"' or '\r' or '\n'))) : text;
        text = Encoding is UnicodeEncoding or UTF8Encoding ? text : string.Concat(text.Where(c => c <= 0xFF));
        return text.Trim().Length == 0 ? "x" : text.Trim();
    }

    public byte[] Export(IReadOnlyList<ExportedRow> rows)
    {
        var text = new StringBuilder(Preamble);
        var labels = HasRowLabels ? $"{Quote("")}{Delimiter}" : "";
        text.Append(labels).AppendJoin(Delimiter, Header.Select(Quote)).Append(HeaderEnd).Append(LineBreak);
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            string[] fields =
            [
                Text(row.Id), Text(row.Symbol), Text(row.Name), Money(row.Price),
                OrNull(row.MarketCap, Money, NoMoney), OrNull(row.Volume, Money, NoMoney),
                OrNull(row.Rank, Rank), OrNull(row.Supply, Number), OrNull(row.Time, Time),
            ];
            text.Append(HasRowLabels ? $"{Quote($"{i + 1}")}{Delimiter}" : "");
            var line = string.Join(Delimiter, fields.Select(Quote)) + RowEnd;
            text.Append(LeavesOutBlankEnds ? line.TrimEnd(Delimiter) : line).Append(LineBreak);
            if (BlankRow.Length > 0 && i % 3 == 0)
            {
                text.Append(BlankRow).Append(LineBreak);
            }
        }

        byte[] bytes = [.. Encoding.GetPreamble(), .. Encoding.GetBytes(text.Append(Footer).ToString())];
        return IsCompressed ? Compress(bytes) : bytes;
    }

    private string OrNull<T>(T? value, Func<T, string> write, string? none = null)
        where T : struct => value is { } known ? write(known) : none ?? Null;

    private string Quote(string field)
    {
        var needsQuotes = QuotesAll || field.AsSpan().IndexOfAny([Delimiter, '"', '\r', '\n']) >= 0;
        return needsQuotes && !QuotesNothing ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
    }

    private static string Format(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);

    private static string Plain(decimal value) => value.ToString("0.##################", CultureInfo.InvariantCulture);

    private static string Scientific(decimal value) =>
        ToDouble(value).ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal);

    private static string Serial(DateTimeOffset time) =>
        (time - new DateTimeOffset(1899, 12, 30, 0, 0, 0, TimeSpan.Zero)).TotalDays.ToString("0.##########", CultureInfo.InvariantCulture);

    private static Func<decimal, string> Grouped(char point, string separator) => value =>
    {
        var format = new NumberFormatInfo { NumberDecimalSeparator = point.ToString(), NumberGroupSeparator = separator };
        return value.ToString("#,##0.##################", format);
    };

    private static string Indian(decimal value)
    {
        var format = new NumberFormatInfo { NumberGroupSizes = [3, 2] };
        return value.ToString("#,##0.##################", format);
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }
}
