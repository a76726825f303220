using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>The columns of a file, and the formats of its fields.</summary>
internal sealed class CsvLayout
{
    /// <summary>Increased when the way rows are read changes, so that files read the old way are read again.</summary>
    private const int Version = 10;

    /// <summary>The longest cell, in bytes, that is looked up as one word.</summary>
    private const int MaxWord = 32;

    private static readonly SearchValues<byte> Capitals = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);
    private static readonly SearchValues<byte> SmallLetters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz"u8);

    private static readonly AssetField[] Required = [AssetField.Symbol, AssetField.Name];

    /// <summary>The fields that every row must have if there is a column for them; cells after the last of those may be omitted.</summary>
    private static readonly AssetField[] Needed = [AssetField.Id, AssetField.Symbol, AssetField.Name, AssetField.PriceUsd];

    private readonly int[] _columns;
    private readonly HashSet<string> _names;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _words;

    private CsvLayout(
        char delimiter,
        string? timeFormat,
        int maxRowBytes,
        IReadOnlyList<CsvColumn> columns,
        int[] columnsByField,
        bool saysDollars,
        CsvSample sample)
    {
        Delimiter = delimiter;
        TimeFormat = timeFormat;
        MaxRowBytes = maxRowBytes;
        Columns = columns;
        NamedFields = columns.LastOrDefault(column => column.IsNamed)?.Index + 1 ?? 0;
        _columns = columnsByField;
        SaysDollars = saysDollars;
        Sample = sample;
        NeededFields = Needed.Max(field => _columns[(int)field]) + 1;
        _names = columns.Where(column => column.Field is not null).Select(column => AssetFields.Key(column.Header))
            .Concat(Enum.GetValues<AssetField>().SelectMany(AssetFields.GetAliasKeys)).ToHashSet(StringComparer.Ordinal);
        _words = _names.ToHashSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        InHashOrder = [.. columns.OrderBy(column => column.Key, StringComparer.Ordinal)];
        Fingerprint = ComputeFingerprint();
    }

    public char Delimiter { get; }

    /// <summary>What the first rows show about all rows.</summary>
    public CsvSample Sample { get; }

    /// <summary>The format of times in the settings, or null if none is set.</summary>
    public string? TimeFormat { get; }

    /// <summary>The maximum length of a row, in bytes of UTF-8.</summary>
    public int MaxRowBytes { get; }

    public IReadOnlyList<CsvColumn> Columns { get; }

    /// <summary>The number of fields in a row, not counting columns with blank names at the header's end.</summary>
    public int NamedFields { get; }

    /// <summary>The minimum number of fields in a row: up to the last one that a record needs.</summary>
    public int NeededFields { get; }

    /// <summary>The columns ordered by key, so that moving columns does not change the records' hashes.</summary>
    public IReadOnlyList<CsvColumn> InHashOrder { get; }

    /// <summary>The number of fields for which the header has a column.</summary>
    public int KnownFields => _columns.Count(column => column >= 0);

    /// <summary>The hash of everything that affects how rows are read; a reading is resumed only if it is unchanged.</summary>
    public string Fingerprint { get; }

    /// <summary>Whether the price's header or a setting says dollars; a column of pairs then does not concern the price.</summary>
    public bool SaysDollars { get; }

    /// <summary>The column that holds a field, or -1.</summary>
    public int this[AssetField field] => _columns[(int)field];

    /// <summary>Finds the required fields for which a header has no column.</summary>
    /// <param name="keys">The names in the header, as <see cref="AssetFields.Key(string)"/> returns them.</param>
    /// <param name="options">The settings, which may add names.</param>
    public static IReadOnlyList<string> FindMissing(HashSet<string> keys, CsvOptions options) =>
    [
        .. Required.Where(field => !GetSetKeys(field, options).Concat(AssetFields.GetAliasKeys(field)).Any(keys.Contains))
            .Select(field => keys.Contains("timehigh") && field is AssetField.Name
                ? "name (CoinMarketCap's is the id of a currency)" : AssetFields.GetName(field)),
    ];

    public static CsvLayout Create(char delimiter, IReadOnlyList<string> header, CsvOptions options)
    {
        var words = AssetFields.Split(header);
        var keys = words.ConvertAll(AssetFields.Key);
        var fields = new AssetField?[header.Count];
        var columns = new int[AssetFields.Count];
        Array.Fill(columns, -1);

        // Configured names come first for all fields, as they may assign a column to a field other than its name suggests. Then, if one of
        // two columns says dollars, the other is not in dollars. Whole names come before names without units, except those of times: a date
        // and a time of day may each name a zone.
        Assign(field => GetSetKeys(field, options), _ => keys);
        var setClock = columns[(int)AssetField.TimeOfDay];
        Assign(AssetFields.GetAliasKeys, field => WithoutUnits(field, name => AssetFields.IsInDollars(name, field)));
        Assign(AssetFields.GetAliasKeys, field => AssetFields.IsTime(field) ? WithoutUnits(field, _ => true) : keys);
        Assign(AssetFields.GetAliasKeys, field => WithoutUnits(field, _ => true));

        // Kaggle's daily files call the market cap "market"; elsewhere, a market is an exchange.
        Assign(field => field is AssetField.MarketCap && keys.Contains("ranknow", StringComparer.Ordinal) ? ["market"] : [], _ => keys);
        var (date, clock) = (columns[(int)AssetField.UpdatedAt], columns[(int)AssetField.TimeOfDay]);
        if (clock >= 0 && clock != setClock && (date < 0 || !AssetFields.IsDate(header[date])))
        {
            columns[(int)AssetField.TimeOfDay] = -1;
            fields[clock] = null;
        }

        var saysDollars = columns[(int)AssetField.PriceUsd] is >= 0 and var price
            && (AssetFields.IsInDollars(words[price], AssetField.PriceUsd)
                || GetSetKeys(AssetField.PriceUsd, options).Contains(keys[price], StringComparer.Ordinal));
        var taken = new Dictionary<string, int>(StringComparer.Ordinal);
        var all = header.Select((name, i) => new CsvColumn(i, name, UniqueName(name, i, taken), fields[i]));
        var sample = new CsvSample(DecimalMark.LikelyPoint, null, []);
        return new CsvLayout(delimiter, options.TimeFormat, options.MaxRowBytes, [.. all], columns, saysDollars, sample);

        List<string> WithoutUnits(AssetField field, Predicate<List<HeaderWord>> isMeant) =>
            words.ConvertAll(name => isMeant(name) ? AssetFields.KeyWithoutUnit(name, field) : "");

        void Assign(Func<AssetField, IEnumerable<string>> getKeys, Func<AssetField, List<string>> keysFor)
        {
            for (var i = 0; i < columns.Length; i++)
            {
                if (columns[i] >= 0)
                {
                    continue;
                }

                var candidates = keysFor((AssetField)i);
                var found = getKeys((AssetField)i).Select(key => candidates.IndexOf(key));
                var column = found.FirstOrDefault(index => index >= 0 && fields[index] is null, -1);
                if (column >= 0)
                {
                    columns[i] = column;
                    fields[column] = (AssetField)i;
                }
            }
        }
    }

    /// <summary>Checks the file's name, unless a header or a column says what the prices' currency is.</summary>
    /// <exception cref="SourceException">The name has another currency than dollars.</exception>
    public void HeedName(string fileName)
    {
        if (!SaysDollars && this[AssetField.QuoteCurrency] < 0 && CsvRemarks.FindCurrencyOfName(fileName) is { } currency)
        {
            throw new SourceException($"{fileName} says in its name that prices are in {currency}, and only dollars are read. Where they "
                + "are in dollars, rename it, or set Sources:Csv:HeaderAliases:price_usd to the name of their column.");
        }
    }

    /// <summary>Checks a line outside the table, above its header or among its rows.</summary>
    /// <exception cref="SourceException">The line gives amounts a currency or factor that the header does not.</exception>
    public void Heed(string line, bool isTitle, string fileName)
    {
        if (!SaysDollars && CsvRemarks.FindCurrency(line, isTitle) is { } currency)
        {
            throw new SourceException($"{fileName} says outside its table that prices are in {currency}, and only dollars are read. "
                + "Where they are in dollars, Sources:Csv:HeaderAliases:price_usd names their column.");
        }

        var scaled = Columns.Where(column => column.Field is AssetField.MarketCap or AssetField.Volume24h).ToList();
        var isScaled = scaled.Count > 0 && scaled.TrueForAll(column => column.Factor != 1);
        if ((CsvRemarks.FindLot(line) ?? (isScaled ? null : CsvRemarks.FindFactor(line))) is { } factor)
        {
            throw new SourceException($"{fileName} says outside its table that amounts are in '{factor}'. Headers of columns have to say "
                + "that (Market Cap (in millions)); where they are not, the line has to be removed.");
        }
    }

    /// <summary>Whether a cell is the name of a field, in the header of this or any other file.</summary>
    public bool IsName(ReadOnlySpan<byte> cell)
    {
        // Called for the symbol of every row, which usually is one word: its key is the word itself, in lower case.
        Span<char> word = stackalloc char[MaxWord];
        return cell.Length is > 0 and <= MaxWord && (!cell.ContainsAnyExcept(Capitals) || !cell.ContainsAnyExcept(SmallLetters))
            ? _words.Contains(word[..Encoding.ASCII.GetChars(cell, word)])
            : _names.Contains(AssetFields.Key(CsvCell.ReadText(cell, isName: true)));
    }

    /// <summary>Whether a cell is a column's header, or another header with the same meaning.</summary>
    public bool IsHeader(CsvColumn column, ReadOnlySpan<byte> cell)
    {
        var text = CsvCell.ReadText(cell, isName: true);
        return AssetFields.Key(text) == AssetFields.Key(column.Header)
            || (column.Field is { } field ? AssetFields.IsHeader(text, field, column.Factor) : !IsName(cell));
    }

    /// <summary>The same layout, with what the rows show.</summary>
    public CsvLayout With(CsvSample sample)
    {
        var byField = (int[])_columns.Clone();
        var columns = Columns.ToArray();
        Assign(AssetField.QuoteCurrency, sample.Currency);
        Assign(AssetField.UpdatedAt, sample.Time);
        if (sample.HasRowIds)
        {
            columns[this[AssetField.Id]] = columns[this[AssetField.Id]].As(null);
            byField[(int)AssetField.Id] = -1;
            Assign(AssetField.Id, AssetFields.GetAliasKeys(AssetField.Id)
                .Select(key => Columns.FirstOrDefault(column => column.Field is null && AssetFields.Key(column.Header) == key))
                .FirstOrDefault(column => column is not null));
        }

        return new(Delimiter, TimeFormat, MaxRowBytes, columns, byField, SaysDollars, sample);

        void Assign(AssetField field, CsvColumn? column)
        {
            if (column is not null)
            {
                byField[(int)field] = column.Index;
                columns[column.Index] = column.As(field);
            }
        }
    }

    private static IEnumerable<string> GetSetKeys(AssetField field, CsvOptions options) =>
        options.HeaderAliases.GetValueOrDefault(AssetFields.GetName(field), []).Select(AssetFields.Key);

    private string ComputeFingerprint()
    {
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{Version}\n{Delimiter}\n{Sample.DecimalMark}\n{TimeFormat}\n{MaxRowBytes}")
            .Append(CultureInfo.InvariantCulture, $"\n{SaysDollars}\n{Sample.HasPairs}\n{Sample.IsHistory}\n{Sample.TimeZone}");
        foreach (var column in Columns)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{column.Key}*{column.Factor}");
        }

        return XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text.ToString())).ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>Makes a column's name unique and not blank, as the names in the payload's JSON object must be.</summary>
    /// <param name="name">The name in the header.</param>
    /// <param name="index">The column's index.</param>
    /// <param name="taken">The names so far, each with the last number appended to it.</param>
    private static string UniqueName(string name, int index, Dictionary<string, int> taken)
    {
        var unique = string.IsNullOrWhiteSpace(name) ? string.Create(CultureInfo.InvariantCulture, $"column_{index + 1}") : name;
        for (var i = taken.GetValueOrDefault(name, 1) + 1; !taken.TryAdd(unique, 1); i++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");
            taken[name] = i;
        }

        return unique;
    }
}

/// <summary>One column of a file.</summary>
internal sealed class CsvColumn
{
    private readonly string _uniqueName;

    public CsvColumn(int index, string header, string uniqueName, AssetField? field)
    {
        Index = index;
        Header = header;
        _uniqueName = uniqueName;
        Name = JsonEncodedText.Encode(uniqueName, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        Field = field;
        Factor = field is { } scaled ? AssetFields.GetFactor(header, scaled) : 1;
        Key = field is { } known ? AssetFields.GetName(known) : $"={uniqueName}";
        KeyUtf8 = Encoding.UTF8.GetBytes(Key);
    }

    public int Index { get; }

    /// <summary>The name in the file.</summary>
    public string Header { get; }

    /// <summary>The factor by which its numbers are multiplied.</summary>
    public double Factor { get; }

    /// <summary>The name in the record's payload.</summary>
    public JsonEncodedText Name { get; }

    public AssetField? Field { get; }

    /// <summary>Whether its name in the header is not blank.</summary>
    public bool IsNamed => !string.IsNullOrWhiteSpace(Header);

    /// <summary>
    /// The name in the record's hash: that of the field, regardless of its name in the file. Other columns' names are marked, so that none
    /// is mistaken for a field.
    /// </summary>
    public string Key { get; }

    public byte[] KeyUtf8 { get; }

    /// <summary>The same column, assigned to a field or to none.</summary>
    public CsvColumn As(AssetField? field) => new(Index, Header, _uniqueName, field);
}
