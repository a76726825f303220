using CsvHelper;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>
/// Finds in a file's first rows whether it is a history, and what only a history shows: ids that are the rows' own, and times in a column
/// of any name.
/// </summary>
/// <param name="layout">The layout according to the header.</param>
internal sealed class CsvHistory(CsvLayout layout)
{
    private readonly CsvTime _reader = new(layout.TimeFormat);
    private readonly Dictionary<string, string> _firstTimes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _assets = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<(string Asset, string Time)> _quotes = [];
    private readonly HashSet<(string Asset, string Price)> _prices = [];
    private readonly HashSet<(string Asset, int Column, string Time)> _cells = [];
    private readonly List<CsvColumn> _times =
        layout[AssetField.UpdatedAt] >= 0 ? [] : [.. layout.Columns.Where(column => column.Field is null && !HasZone(column.Header))];

    private bool _hasAssetIds = layout[AssetField.Id] < 0;
    private bool _hasSeveralTimes;

    /// <summary>Whether the file has several times of one asset.</summary>
    public bool IsHistory => _hasSeveralTimes || Time is not null || HasRowIds;

    /// <summary>
    /// The first column with times in which no asset has one twice, if most assets have several prices and no column is named as a time.
    /// </summary>
    public CsvColumn? Time => IsRepeated(_prices.Count) ? _times.FirstOrDefault() : null;

    /// <summary>
    /// Whether no id occurs twice, although most assets have several prices and times, and ids are numbers or hexadecimal, as databases
    /// number rows.
    /// </summary>
    public bool HasRowIds => !_hasAssetIds && IsRepeated(_prices.Count) && (Time is not null || IsRepeated(_quotes.Count));

    /// <param name="reader">The reader at the row.</param>
    /// <param name="texts">The row's id, symbol and name.</param>
    /// <param name="time">The row's time, which may be a date alone.</param>
    /// <param name="timeOfDay">The time of day, if it has a column of its own.</param>
    /// <param name="price">The row's price; several lots of one asset have the same.</param>
    public void Add(CsvReader reader, string[] texts, string time, string timeOfDay, string price)
    {
        var key = string.Join('\n', texts);
        _hasSeveralTimes |= !_firstTimes.TryAdd(key, time) && _firstTimes[key] != time;
        if (texts[1].Length == 0 || layout.IsName(reader.GetSpan(layout[AssetField.Symbol])))
        {
            return; // No row of an asset.
        }

        var asset = $"{texts[1]}\n{texts[2]}";
        _assets.Add(asset);
        _quotes.Add((asset, $"{time} {timeOfDay}"));
        _prices.Add((asset, price));
        _hasAssetIds = _hasAssetIds || texts[0].AsSpan().ContainsAnyExcept("0123456789abcdefABCDEF-") || !_ids.Add(texts[0]);
        _times.RemoveAll(column => !IsTime(column.Index < reader.FieldCount ? reader.GetSpan(column.Index) : default)
            || !_cells.Add((asset, column.Index, CsvCell.ReadText(reader.GetSpan(column.Index), isName: false))));
    }

    /// <summary>Whether a header names a zone, which its cells do not have: <c>Date (CET)</c>, <c>local_time</c>.</summary>
    private static bool HasZone(string header)
    {
        var words = HeaderWords.Split(header);
        return words.Exists(word => word is { IsBracketed: true, Text: not "utc" })
            || CsvRemarks.FindZone($"times {string.Join(' ', words.Select(word => word.Text.ToUpperInvariant()))}") is not null;
    }

    private bool IsRepeated(int count) => count > 0 && 2 * _assets.Count <= count;

    /// <summary>Whether a cell is a date with its parts; a number alone may be an id.</summary>
    private bool IsTime(ReadOnlySpan<byte> cell) => cell.ContainsAny("-/:"u8) && _reader.Read(cell, out var time) is null
        && time is { } read && !CsvTime.IsZero(read);
}
