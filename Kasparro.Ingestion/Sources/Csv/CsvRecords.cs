using System.Buffers;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Drift;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>Converts rows to records. Not safe for concurrent use.</summary>
internal sealed class CsvRecords : IDisposable
{
    private const int MaxExample = 200;
    private const int MaxIds = 10_000;

    /// <summary>First words of names of rows that sum up others.</summary>
    private static readonly HashSet<string> Totals = new(StringComparer.Ordinal)
    {
        "total", "totals", "subtotal", "grand", "sum", "average", "avg", "mean", "median", "min", "max", "minimum", "maximum", "sub",
        "summe", "gesamt", "gesamtsumme", "durchschnitt", "mittelwert", "somme", "moyenne", "suma", "promedio", "totale", "media", "toplam",
        "count", "other", "others", "rest", "remaining", "overall", "stdev", "sonstige", "andere", "anzahl", "autres", "otros",
        "\u03C3", "\u0438\u0442\u043E\u0433\u043E", "\u5408\u8BA1", "\u5408\u8A08",
    };

    private readonly CsvLayout _layout;
    private readonly CsvTime _time;
    private readonly DriftTally _drifts;
    private readonly CsvColumn? _capCurrency;
    private readonly CsvColumn? _volumeCurrency;
    private readonly DriftFinding[] _missing;
    private readonly DriftFinding? _missingTime;
    private readonly Dictionary<(string Id, DateTimeOffset? Time), Guid> _quotes = [];
    private readonly ContentHasher _hash = new();
    private readonly ArrayBufferWriter<byte> _payload = new(1024);
    private readonly Utf8JsonWriter _json;

    /// <param name="layout">The layout of the rows.</param>
    /// <param name="drifts">Counts unusable values.</param>
    public CsvRecords(CsvLayout layout, DriftTally drifts)
    {
        _layout = layout;
        _time = new CsvTime(layout.TimeFormat, layout.Sample.TimeZone);
        _drifts = drifts;

        // A file may list assets without prices, so this is not a failure; but prices in a column with an unknown name must not go
        // unnoticed. Neither must market caps in a column whose name is known but whose unit differs, or a history without known times.
        var header = string.Join(", ", layout.Columns.Select(column => column.Name.Value));
        var isDated = layout[AssetField.UpdatedAt] is >= 0 and var time && AssetFields.IsDate(layout.Columns[time].Header);
        IEnumerable<DriftFinding?> missing =
        [
            FindMissing(AssetField.PriceUsd, "number", header),
            .. Enum.GetValues<AssetField>().Where(field => AssetFields.IsAmount(field) && field is not AssetField.PriceUsd)
                .Select(field => FindInAnotherUnit(field, "number")),
            FindInAnotherUnit(AssetField.UpdatedAt, "time"),
            isDated ? FindInAnotherUnit(AssetField.TimeOfDay, "time") : null,
        ];
        _missing = [.. missing.OfType<DriftFinding>()];
        _missingTime = FindMissing(layout[AssetField.UpdatedAt] < 0 ? AssetField.UpdatedAt : AssetField.TimeOfDay, "time", header);
        _missingTime = Array.Exists(_missing, finding => finding.Path == _missingTime?.Path) ? null : _missingTime;

        _capCurrency = FindCurrency(AssetField.MarketCap);
        _volumeCurrency = FindCurrency(AssetField.Volume24h);

        // Field texts are written as they were received: nothing here ends up in HTML, and CsvRows has validated them.
        _json = new Utf8JsonWriter(_payload, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    /// <summary>Converts the current row to a record, or explains why it is rejected.</summary>
    /// <param name="rows">The rows; the current one has no fault.</param>
    /// <param name="now">The current time; a quote may not be (much) later.</param>
    /// <param name="rejection">Why there is no record; null if there is one.</param>
    public SourceRecord? Read(CsvRows rows, DateTimeOffset now, out Rejection? rejection)
    {
        var draft = new RecordBuilder(SourceNames.Csv, now);
        draft.Symbol = ReadText(rows, AssetField.Symbol);
        draft.Name = AssetText.WithoutSymbol(ReadText(rows, AssetField.Name), draft.Symbol);
        draft.ExternalId = ReadText(rows, AssetField.Id);
        if (Array.Find([draft.ExternalId ?? "", draft.Symbol ?? ""], AssetText.IsSpoiled) is { } spoiled)
        {
            draft.Reject(RejectionReason.MissingField, $"{(spoiled == draft.ExternalId ? "id" : "symbol")} is '{spoiled}', which a "
                + "spreadsheet has made of another text: export the column as text.");
        }

        foreach (var column in _layout.InHashOrder)
        {
            _hash.Add(column.KeyUtf8.AsSpan());
            ReadField(column, rows, draft);
        }

        // Titles, totals and footnotes in the name column are not assets.
        if (draft is { Symbol: "", ExternalId: null } && (draft.PriceUsd is null or 0 || IsTotal(HeaderWords.Split(draft.Name ?? ""))))
        {
            var reason = draft.PriceUsd is null or 0 ? "has neither an id nor a price" : "is a total";
            draft.Reject(RejectionReason.MissingField, $"symbol is missing (blank), and the row {reason}.");
        }

        // A file without ids still needs keys that stay the same in its next version: prices change, symbol and name do not.
        draft.ExternalId ??= draft is { Symbol: { } symbol, Name: { } name } ? MakeId($"{symbol}:{name}") : null;
        var hash = _hash.Finish();
        var isHistory = _missingTime is not null && IsRepeated(draft, hash);
        RejectCurrency(rows, draft);

        // In a history, a row without values says nothing about its time: the price before it is the newest.
        if (_layout.Sample.IsHistory
            && draft is { QuotedAt: not null, PriceUsd: null or 0, MarketCapUsd: null or 0, Volume24hUsd: null or 0 })
        {
            (draft.QuotedAt, draft.MarketCapUsd, draft.Volume24hUsd) = (PriceTime.Earliest, null, null);
        }

        foreach (var missing in _missing)
        {
            Note(missing, draft);
        }

        if (isHistory)
        {
            Note(_missingTime!, draft);
        }

        if (draft.Reason is null && _drifts.Add(draft.Unusable) is { } unusable)
        {
            draft.Reject(RejectionReason.SchemaDrift, unusable);
        }

        if (draft.TryBuild(hash, draft.Reason is null ? WritePayload(rows) : default, out var record))
        {
            rejection = null;
            return record;
        }

        var id = draft.ExternalId is { Length: > 0 and <= RecordBuilder.MaxTextLength } readable ? readable : null;
        rejection = new Rejection(rows.Line, id, draft.Reason!, draft.Detail!, rows.Text);
        return null;
    }

    public void Dispose() => _json.Dispose();

    /// <summary>Derives an id from a text, independent of how its white space and accents are written.</summary>
    private static string MakeId(string text) =>
        UnicodeText.Compose(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToLowerInvariant();

    private static bool IsTotal(List<HeaderWord> name) =>
        name.Count > 0 && (Totals.Contains(name[0].Text) || name[^1].Text is "total" or "totals"
            || (name is [{ Text: "top" }, { Text: [>= '0' and <= '9', ..] }, ..])); // Not TOP Network, which is a coin.

    private DriftFinding? FindMissing(AssetField field, string expected, string example)
    {
        var name = AssetFields.GetName(field);
        var policy = _drifts.GetPolicy(name);
        return _layout[field] >= 0 || policy is DriftPolicy.Ignore
            ? null
            : new(name, DriftKind.Missing, expected, Found: null, RecordBuilder.Shorten(example, MaxExample), policy, Occurrences: 1);
    }

    private DriftFinding? FindInAnotherUnit(AssetField field, string expected) => _layout[field] < 0
        && _layout.Columns.FirstOrDefault(column => column.Field is null && AssetFields.IsInAnotherUnit(column.Header, field)) is { } column
            ? FindMissing(field, expected, column.Header)
            : null;

    private void Note(DriftFinding missing, RecordBuilder draft)
    {
        _drifts.Add(missing);
        if (missing.Policy is DriftPolicy.RejectRecord)
        {
            draft.Reject(RejectionReason.SchemaDrift, missing.ToString());
        }
    }

    /// <summary>
    /// Whether an earlier row had the same id, for the same day or without a time, and different values. Only the first
    /// <see cref="MaxIds"/> rows are remembered; a history has fewer assets.
    /// </summary>
    private bool IsRepeated(RecordBuilder draft, Guid hash)
    {
        if (string.IsNullOrEmpty(draft.ExternalId)
            || (_layout[AssetField.UpdatedAt] >= 0 && draft.QuotedAt?.TimeOfDay != TimeSpan.Zero))
        {
            return false;
        }

        var quote = (draft.ExternalId, draft.QuotedAt);
        return _quotes.TryGetValue(quote, out var former) ? former != hash : _quotes.Count < MaxIds && !_quotes.TryAdd(quote, hash);
    }

    /// <summary>
    /// Rejects a row whose prices are not in dollars according to the currency column or, if that is blank, to a symbol that is a pair;
    /// without either, prices are in dollars.
    /// </summary>
    private void RejectCurrency(CsvRows rows, RecordBuilder draft)
    {
        var symbol = draft.Symbol ?? "";
        var cell = rows.Field(AssetField.QuoteCurrency);
        var isTold = !CsvCell.IsNone(cell);
        var currency = isTold ? CsvCell.ReadText(cell, isName: false)
            : _layout.SaysDollars ? null
            : CsvMoney.FindQuote(symbol) ?? (_layout.Sample.HasPairs ? CsvMoney.FindQuoteAtEnd(symbol) : null);
        var isOwnPair = currency?.Length - symbol.Length is >= 3 and <= 5
            && currency!.IndexOf(symbol, StringComparison.OrdinalIgnoreCase) is 0 or 1
            && CsvMoney.FindQuote(currency, symbol) is "USD"; // BTC/USD and XXBTZUSD for BTC and XBT, but not EUR/USD.
        if (currency is not null && !isOwnPair && !CsvMoney.IsDollars(currency)
            && draft is not { PriceUsd: null, MarketCapUsd: null, Volume24hUsd: null })
        {
            var column = _layout.Columns[_layout[isTold ? AssetField.QuoteCurrency : AssetField.Symbol]];
            draft.Reject(
                RejectionReason.BadNumber,
                $"{AssetFields.GetName(AssetField.PriceUsd)} is in '{RecordBuilder.Shorten(currency)}' by the column "
                    + $"'{(column.IsNamed ? column.Header : column.Name.Value)}', not in US dollars."
                    + (isTold ? "" : " If it is, Sources:Csv:HeaderAliases:price_usd names its column."));
        }
    }

    /// <summary>
    /// The text of an id, symbol or name; blank if it is a word for "none", null if there is no such column. A program that has blank ids
    /// makes decimals of the others: <c>1027.0</c>. Names from web pages have entities.
    /// </summary>
    private string? ReadText(CsvRows rows, AssetField field)
    {
        if (_layout[field] is not (>= 0 and var column))
        {
            return null;
        }

        var text = CsvCell.ReadText(rows.Field(column), isName: field is AssetField.Name);
        var isNone = field is AssetField.Id ? CsvCell.IsNone(rows.Field(column)) : CsvCell.IsNoName(text);
        return isNone ? ""
            : field is AssetField.Id ? (text is [_, .., '.', '0'] && text[..^2].All(char.IsAsciiDigit) ? text[..^2] : text)
            : AssetText.WithoutMarkup(WebUtility.HtmlDecode(text).Trim());
    }

    private void ReadField(CsvColumn column, CsvRows rows, RecordBuilder draft)
    {
        var text = rows.Field(column.Index);
        if (column.Field is { } field && AssetFields.IsNumber(field))
        {
            var number = IsInDollars(field, rows, draft) ? ReadNumber(field, text, column.Factor, draft) : null;
            if (number is { } value)
            {
                _hash.Add(value);
            }
            else
            {
                _hash.Add('-');
            }

            Set(draft, field, number);
            return;
        }

        _hash.Add(text);
        if (column.Field is AssetField.UpdatedAt)
        {
            draft.QuotedAt = ReadTime(text, rows.Field(AssetField.TimeOfDay), rows.Field(AssetField.TimeZone), draft);
        }
    }

    /// <summary>Finds the column with an amount's own currency, as TradingView has one for each amount.</summary>
    private CsvColumn? FindCurrency(AssetField field) =>
        _layout.Columns.FirstOrDefault(column => column.Field is null && AssetFields.IsCurrencyOf(column.Header, field));

    private bool IsInDollars(AssetField field, CsvRows rows, RecordBuilder draft)
    {
        var column = field is AssetField.MarketCap ? _capCurrency : field is AssetField.Volume24h ? _volumeCurrency : null;
        var currency = column is null ? "" : CsvCell.ReadText(rows.Field(column.Index), isName: false);
        if (column is null || CsvCell.IsNone(rows.Field(column.Index)) || CsvMoney.IsDollars(currency))
        {
            return true;
        }

        draft.Discard(AssetFields.GetName(field), "number", $"not in US dollars by the column '{column.Header}'", currency);
        return false;
    }

    private double? ReadNumber(AssetField field, ReadOnlySpan<byte> text, double factor, RecordBuilder draft)
    {
        var unit = AssetFields.IsSupply(field) ? draft.Symbol : default;
        var reading = CsvNumber.Read(text, _layout.Sample.DecimalMark, isRank: field is AssetField.Rank, unit, factor);
        if (reading.Kind is NumberKind.NotKnown)
        {
            return null;
        }

        var name = AssetFields.GetName(field);
        if (reading.Kind is NumberKind.Number && RecordBuilder.IsUsable(reading.Value))
        {
            return reading.Value;
        }

        var shown = CsvCell.ReadText(text, isName: true);
        if (reading.Kind is NumberKind.Number)
        {
            return field is AssetField.PriceUsd ? draft.RequirePrice(name, reading.Value) : draft.AcceptNumber(name, reading.Value, shown);
        }

        if (field is AssetField.PriceUsd)
        {
            draft.Reject(RejectionReason.BadNumber, $"{name} {reading.Problem}: '{RecordBuilder.Shorten(shown)}'.");
        }
        else
        {
            draft.Discard(name, "number", reading.Problem!, shown);
        }

        return null;
    }

    /// <summary>
    /// Reads the time. If it cannot be read, the record is rejected: without it, an old quote of a history would be the newest. The values
    /// that programs write for "never" (year 1, 1970) count as no time.
    /// </summary>
    private DateTimeOffset? ReadTime(ReadOnlySpan<byte> text, ReadOnlySpan<byte> clock, ReadOnlySpan<byte> zone, RecordBuilder draft)
    {
        var name = AssetFields.GetName(AssetField.UpdatedAt);
        var hint = _time.Read(text, clock, zone, out var time);
        if (time is { } never ? CsvTime.IsZero(never) : hint is not null && CsvTime.IsZero(CsvCell.ReadText(text, isName: true)))
        {
            draft.Discard(name, "time", "zero time", CsvCell.ReadText(text, isName: true));
            return null;
        }

        if (hint is not null)
        {
            var shown = RecordBuilder.Shorten(CsvCell.ReadText(text, isName: true));
            draft.Reject(RejectionReason.BadTime, $"{name} is not a time: '{shown}'. {hint}");
        }
        else if (time is { } known && !draft.CanBeQuotedAt(known))
        {
            draft.Reject(RejectionReason.BadTime, $"the quote's time {known:O} is before Bitcoin's first block or in the future.");
        }

        return time;
    }

    private static void Set(RecordBuilder draft, AssetField field, double? number) => _ = field switch
    {
        AssetField.PriceUsd => draft.PriceUsd = number,
        AssetField.MarketCap => draft.MarketCapUsd = number,
        AssetField.Volume24h => draft.Volume24hUsd = number,
        AssetField.Rank => draft.Rank = number,
        AssetField.CirculatingSupply => draft.CirculatingSupply = number,
        AssetField.TotalSupply => draft.TotalSupply = number,
        AssetField.MaxSupply => draft.MaxSupply = number,
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };

    private byte[] WritePayload(CsvRows rows)
    {
        _payload.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        foreach (var column in _layout.Columns)
        {
            _json.WriteString(column.Name, rows.Field(column.Index));
        }

        _json.WriteEndObject();
        _json.Flush();
        return _payload.WrittenSpan.ToArray();
    }
}
