using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>What the first rows of a file show about all its rows.</summary>
/// <param name="DecimalMark">How numbers are written.</param>
/// <param name="Currency">
/// The column with the prices' currency, if its name alone does not show that it is one; null if there is none.
/// </param>
/// <param name="Remarks">Lines that are not rows: titles, notes.</param>
internal readonly partial record struct CsvSample(DecimalMark DecimalMark, CsvColumn? Currency, IReadOnlyList<string> Remarks)
{
    private const int Rows = 1_000;

    /// <summary>How many times as many numbers must have one decimal mark as the other for it to be the file's.</summary>
    private const int Majority = 10;

    /// <summary>The maximum length of a currency's name.</summary>
    private const int MaxCurrency = 32;

    private static readonly List<string> Names = [.. AssetFields.PossibleCurrencies.Select(AssetFields.Key)];

    /// <summary>Whether symbols are pairs without a separator: <c>BTCEUR</c>.</summary>
    public bool HasPairs { get; init; }

    /// <summary>Whether the file has several times of one asset.</summary>
    public bool IsHistory { get; init; }

    /// <summary>Whether ids are the rows' own, as a database numbers them, so that only symbol and name identify an asset.</summary>
    public bool HasRowIds { get; init; }

    /// <summary>The column with the times of a history, if its name does not show it; null if there is none.</summary>
    public CsvColumn? Time { get; init; }

    /// <summary>The zone of times without one according to a line outside the table; null if there is none.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Reads the first rows.</summary>
    /// <param name="rows">The text after the header.</param>
    /// <param name="isWhole">Whether it is all of the file's text.</param>
    /// <param name="layout">The layout according to the header.</param>
    public static CsvSample Read(ReadOnlyMemory<byte> rows, bool isWhole, CsvLayout layout)
    {
        var currencies = FindCurrencies(layout);
        using var reader = CsvReader.Create(rows, CsvRows.ReaderOptions(layout.Delimiter));
        var (points, commas) = (0, 0);
        var (symbols, pairs, hasPair) = (0, 0, false);
        var history = new CsvHistory(layout);
        var remarks = new List<string>();
        for (var row = 0; row < Rows && reader.Read(); row++)
        {
            if (!isWhole && reader.ByteOffset + reader.RawRecord.Length == rows.Length)
            {
                break; // Cut off.
            }

            var isRow = CsvRows.HasFields(reader, layout);
            if (!isRow || reader.GetSpan(layout[AssetField.Symbol]).IsEmpty || reader.GetSpan(layout[AssetField.Name]).IsEmpty)
            {
                remarks.Add(Encoding.UTF8.GetString(reader.RawRecord));
            }

            if (!isRow)
            {
                continue; // It will be rejected.
            }

            var symbol = ReadText(AssetField.Symbol);
            string[] asset = [ReadText(AssetField.Id), symbol, ReadText(AssetField.Name)];
            history.Add(
                reader, asset, ReadText(AssetField.UpdatedAt), ReadText(AssetField.TimeOfDay), ReadText(AssetField.PriceUsd));
            symbols++;
            pairs += CsvMoney.FindQuoteAtEnd(symbol) is null ? 0 : 1;
            hasPair |= CsvMoney.FindQuote(symbol) is not null;

            foreach (var column in layout.Columns)
            {
                if (column.Field is { } field && AssetFields.IsNumber(field) && column.Index < reader.FieldCount)
                {
                    var hasComma = CsvNumber.HasDecimalComma(reader.GetSpan(column.Index));
                    points += hasComma is false ? 1 : 0;
                    commas += hasComma is true ? 1 : 0;
                }
            }

            foreach (var currency in currencies)
            {
                currency.Add(reader, asset);
            }
        }

        // Decimal commas occur with every delimiter but the comma: a spreadsheet writes its country's decimals between tabs, too.
        var mark = points > Majority * commas ? DecimalMark.Point
            : commas > Majority * points ? DecimalMark.Comma
            : points + commas > 0 || layout.Delimiter is not ',' ? DecimalMark.Unknown
            : DecimalMark.LikelyPoint;
        return new(mark, currencies.Find(currency => currency.IsCurrency)?.Column, remarks)
        {
            HasPairs = hasPair && 2 * pairs > symbols,
            IsHistory = history.IsHistory,
            HasRowIds = history.HasRowIds,
            Time = history.Time,
        };

        string ReadText(AssetField field) => layout[field] is >= 0 and var column && column < reader.FieldCount
            ? CsvCell.ReadText(reader.GetSpan(column), isName: false)
            : "";
    }

    private static List<PossibleCurrency> FindCurrencies(CsvLayout layout) => layout[AssetField.QuoteCurrency] >= 0
        ? []
        :
        [
            .. layout.Columns.Where(column => column.Field is null).Select(column => (Column: column, Place: GetPlace(column.Header)))
                .Where(named => named.Place >= 0 && (named.Place < Names.Count || !layout.SaysDollars))
                .OrderBy(named => named.Place)
                .Select(named => new PossibleCurrency(named.Column, named.Place - Names.Count)),
        ];

    /// <summary>
    /// How likely a column with a header is the prices' currency: the place of its name, or the place after all names if its words or its
    /// missing name allow it, or the last place for pairs of any name; -1 if it is none.
    /// </summary>
    private static int GetPlace(string header)
    {
        var words = HeaderWords.Split(header);
        var place = Names.IndexOf(AssetFields.Key(words));
        var isLikely = words.Count == 0 || words.Exists(word => AssetFields.CurrencyWords.Contains(word.Text));
        var isPossible = !words.Exists(word => AssetFields.OtherCurrencyWords.Contains(word.Text))
            && !AssetFields.IsCurrencyOf(header, AssetField.MarketCap) && !AssetFields.IsCurrencyOf(header, AssetField.Volume24h);
        return place < 0 && isPossible ? Names.Count + (isLikely ? 0 : 1) : place;
    }

    /// <summary>A column that contains the prices' currency, the asset itself or something else; its cells show which.</summary>
    /// <param name="column">The column.</param>
    /// <param name="doubt">Below 0, any words can be currencies; 0: codes, signs and pairs; 1: only pairs of the row's own symbol.</param>
    private sealed partial class PossibleCurrency(CsvColumn column, int doubt)
    {
        private int _cells;
        private int _own;
        private int _words;
        private int _others;

        public CsvColumn Column => column;

        /// <summary>
        /// Whether most cells are words and most are not the row's own asset (one asset may be the currency of all others). Currency codes
        /// count twice.
        /// </summary>
        public bool IsCurrency =>
            2 * _own <= _cells && (_others < (doubt > 0 ? Math.Min(1, _words) : _words) || (_cells == 0 && doubt < 0));

        /// <param name="reader">The reader at the row.</param>
        /// <param name="asset">The row's id, symbol and name.</param>
        public void Add(CsvReader reader, string[] asset)
        {
            if (column.Index >= reader.FieldCount || CsvCell.IsNone(reader.GetSpan(column.Index)))
            {
                return;
            }

            var text = CsvCell.ReadText(reader.GetSpan(column.Index), isName: false);
            _cells++;
            var isPair = asset[1].Length > 0 && text.StartsWith(asset[1], StringComparison.OrdinalIgnoreCase);
            var currency = doubt <= 0 ? CsvMoney.FindQuote(text, asset[1]) ?? text : isPair ? text[asset[1].Length..] : "";
            if (doubt > 0 ? OwnQuote().IsMatch(currency) : CsvMoney.IsCurrency(currency) || CsvMoney.IsDollars(currency))
            {
                _words += 2;
            }
            else if (doubt < 0 && IsWord(text))
            {
                _words++;
            }
            else
            {
                _others++;
            }

            _own += asset.Contains(text, StringComparer.OrdinalIgnoreCase) ? 1 : 0;
        }

        /// <summary>What follows the symbol in its pair. Pairs with coins may be a token's pools; prices are still in dollars.</summary>
        [GeneratedRegex("^[/_: -]?(?:USD|EUR|GBP|JPY|KRW|AUD|CAD|CHF|BRL|TRY|INR)$", RegexOptions.IgnoreCase, 1000)]
        private static partial Regex OwnQuote();

        /// <summary>Whether a text may name a currency; a coin's symbol may contain digits, but a price begins with one.</summary>
        private static bool IsWord(string text) =>
            text.Length <= MaxCurrency && (text.All(IsOfCurrency) || (char.IsLetter(text[0]) && text.All(char.IsLetterOrDigit)));

        private static bool IsOfCurrency(char c) =>
            char.IsLetter(c) || c is ' ' or '.' or '-' or '(' or ')' or '%' || char.GetUnicodeCategory(c) is UnicodeCategory.CurrencySymbol;
    }
}
