using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>What a file's columns are, and how its fields are written.</summary>
internal sealed class CsvLayout
{
    /// <summary>Raised when rows are read in another way than before, so that files read the old way are read again.</summary>
    private const int Version = 2;

    private static readonly AssetField[] Required = [AssetField.Symbol, AssetField.Name];

    private readonly int[] _columns;

    private CsvLayout(
        char delimiter,
        DecimalMark decimalMark,
        string? timeFormat,
        int maxRowBytes,
        IReadOnlyList<CsvColumn> columns,
        int[] columnsByField)
    {
        Delimiter = delimiter;
        DecimalMark = decimalMark;
        TimeFormat = timeFormat;
        MaxRowBytes = maxRowBytes;
        Columns = columns;
        MinFields = columns.LastOrDefault(column => column.IsNamed)?.Index + 1 ?? 0;
        _columns = columnsByField;
        InHashOrder = [.. columns.OrderBy(column => column.Key, StringComparer.Ordinal)];
        Fingerprint = ComputeFingerprint();
    }

    public char Delimiter { get; }

    /// <summary>How numbers are written.</summary>
    public DecimalMark DecimalMark { get; }

    /// <summary>How times are written, by the settings.</summary>
    public string? TimeFormat { get; }

    /// <summary>The longest row, in bytes of UTF-8.</summary>
    public int MaxRowBytes { get; }

    public IReadOnlyList<CsvColumn> Columns { get; }

    /// <summary>The fewest fields of a row: blank names at the header's end ask for none.</summary>
    public int MinFields { get; }

    /// <summary>The columns by name: a file whose columns changed places says the same.</summary>
    public IReadOnlyList<CsvColumn> InHashOrder { get; }

    /// <summary>How many fields the header has a column for.</summary>
    public int KnownFields => _columns.Count(column => column >= 0);

    /// <summary>The required fields for which the header has no column.</summary>
    public IEnumerable<string> Missing => Required.Where(required => this[required] < 0).Select(AssetFields.GetName);

    /// <summary>All that decides how a row is read, hashed: a reading is resumed only where it is the same.</summary>
    public string Fingerprint { get; }

    /// <summary>The column that holds a field, or -1.</summary>
    public int this[AssetField field] => _columns[(int)field];

    public static CsvLayout Create(char delimiter, IReadOnlyList<string> header, CsvOptions options)
    {
        var keys = header.Select(AssetFields.Key).ToList();
        var fields = new AssetField?[header.Count];
        var columns = new int[AssetFields.Count];
        Array.Fill(columns, -1);

        // What is configured goes first for all fields: it may give a column to another field than its name says. Whole names go before
        // those without their units.
        Assign(field => options.HeaderAliases.GetValueOrDefault(AssetFields.GetName(field), []), _ => keys);
        Assign(AssetFields.GetAliases, _ => keys);
        Assign(AssetFields.GetAliases, field => [.. header.Select(name => AssetFields.KeyWithoutUnit(name, field))]);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var all = header.Select(
            (name, i) => new CsvColumn(i, UniqueName(name, i, taken), fields[i], isNamed: !string.IsNullOrWhiteSpace(name)));
        return new CsvLayout(delimiter, DecimalMark.LikelyPoint, options.TimeFormat, options.MaxRowBytes, [.. all], columns);

        void Assign(Func<AssetField, IEnumerable<string>> getNames, Func<AssetField, List<string>> keysFor)
        {
            for (var i = 0; i < columns.Length; i++)
            {
                if (columns[i] >= 0)
                {
                    continue;
                }

                var candidates = keysFor((AssetField)i);
                var found = getNames((AssetField)i).Select(name => candidates.IndexOf(AssetFields.Key(name)));
                var column = found.FirstOrDefault(index => index >= 0 && fields[index] is null, -1);
                if (column >= 0)
                {
                    columns[i] = column;
                    fields[column] = (AssetField)i;
                }
            }
        }
    }

    public CsvLayout With(DecimalMark decimalMark) => new(Delimiter, decimalMark, TimeFormat, MaxRowBytes, Columns, _columns);

    private string ComputeFingerprint()
    {
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{Version}\n{Delimiter}\n{DecimalMark}\n{TimeFormat}\n{MaxRowBytes}");
        foreach (var column in Columns)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{column.Key}");
        }

        return XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text.ToString())).ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>The header's name; a JSON object has no room for blank names, nor for one name twice.</summary>
    private static string UniqueName(string name, int index, HashSet<string> taken)
    {
        var unique = string.IsNullOrWhiteSpace(name) ? string.Create(CultureInfo.InvariantCulture, $"column_{index + 1}") : name;
        for (var i = 2; !taken.Add(unique); i++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");
        }

        return unique;
    }
}

/// <summary>One column of a file.</summary>
internal sealed class CsvColumn
{
    public CsvColumn(int index, string name, AssetField? field, bool isNamed)
    {
        Index = index;
        IsNamed = isNamed;
        Name = JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        Field = field;
        Key = field is { } known ? AssetFields.GetName(known) : $"={name}";
        KeyUtf8 = Encoding.UTF8.GetBytes(Key);
    }

    public int Index { get; }

    /// <summary>The name in the record's payload.</summary>
    public JsonEncodedText Name { get; }

    public AssetField? Field { get; }

    /// <summary>Whether the header names it.</summary>
    public bool IsNamed { get; }

    /// <summary>
    /// The name in the record's hash: a field's own, regardless of its name in the file; others are marked, so that none is taken for a
    /// field.
    /// </summary>
    public string Key { get; }

    public byte[] KeyUtf8 { get; }
}
