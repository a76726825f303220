using System.ComponentModel.DataAnnotations;
using System.Text;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>The section <c>Sources:Csv</c>: which files to read, and settings that replace detection.</summary>
internal sealed class CsvOptions : IValidatableObject
{
    public const string SectionName = "Sources:Csv";

    /// <summary>
    /// A file, a folder (all *.csv and *.tsv in it, also *.csv.gz and *.tsv.gz) or a glob (<c>imports/**/*.csv</c>), or several of them
    /// separated by <c>;</c>. Relative paths start at the application's folder. Hidden and lock files are skipped.
    /// </summary>
    [Required]
    public string Path { get; set; } = "data/sample.csv";

    /// <summary>The maximum number of rows per page; a page is one transaction.</summary>
    [Range(1, 100_000)]
    public int PageSize { get; set; } = 5_000;

    /// <summary>
    /// The maximum length of a row, in bytes of UTF-8. Longer rows are rejected; a quote that stays open for longer counts as never closed.
    /// </summary>
    [Range(1_024, 16_777_216)]
    public int MaxRowBytes { get; set; } = 65_536;

    /// <summary>What separates fields: one ASCII character or <c>tab</c>; null detects , ; tab or |.</summary>
    public string? Delimiter { get; set; }

    /// <summary>The encoding of files without a byte order mark, by its IANA name; null is UTF-8.</summary>
    public string? Encoding { get; set; }

    /// <summary>
    /// Whether numbers are written 1.234,5 (true) or 1,234.5 (false); null detects it from the file's numbers and refuses ambiguous ones.
    /// </summary>
    public bool? DecimalComma { get; set; }

    /// <summary>
    /// How times are written besides ISO 8601 and epochs: <c>day-first</c>, <c>month-first</c>, <c>excel</c> (days since 1900) or an exact
    /// .NET format, such as <c>dd.MM.yyyy HH:mm</c>; null refuses ambiguous times.
    /// </summary>
    public string? TimeFormat { get; set; }

    /// <summary>
    /// Additional header names by field, such as <c>price_usd</c> → <c>["last", "close"]</c>; they take precedence over the
    /// built-in ones.
    /// </summary>
    public Dictionary<string, string[]> HeaderAliases { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How often the files are checked for changes between scheduled runs; null disables it.</summary>
    public TimeSpan? WatchInterval { get; set; }

    /// <summary>The configured delimiter, or null to detect it.</summary>
    public char? DelimiterCharacter => Delimiter switch
    {
        null or "" => null,
        "tab" or "\\t" => '\t',
        _ => Delimiter[0],
    };

    /// <summary>The configured encoding, or null for UTF-8.</summary>
    /// <exception cref="ArgumentException">The encoding does not exist.</exception>
    public Encoding? FindEncoding() => string.IsNullOrEmpty(Encoding)
        ? null
        : CodePagesEncodingProvider.Instance.GetEncoding(Encoding) ?? System.Text.Encoding.GetEncoding(Encoding);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (DelimiterCharacter is { } delimiter && ((Delimiter!.Length > 1 && delimiter != '\t') || !IsDelimiter(delimiter)))
        {
            yield return new ValidationResult(
                $"'{Delimiter}' is not a delimiter: expected one ASCII character or 'tab'.", [nameof(Delimiter)]);
        }

        if (!IsEncoding())
        {
            yield return new ValidationResult($"There is no encoding '{Encoding}'.", [nameof(Encoding)]);
        }

        foreach (var field in HeaderAliases.Keys.Except(AssetFields.Names, StringComparer.OrdinalIgnoreCase))
        {
            var known = string.Join(", ", AssetFields.Names);
            yield return new ValidationResult($"'{field}' is not a field; the fields are {known}.", [nameof(HeaderAliases)]);
        }

        if (!string.IsNullOrEmpty(TimeFormat) && !CsvTime.IsFormat(TimeFormat))
        {
            yield return new ValidationResult(
                $"'{TimeFormat}' is not a format of times: expected {CsvTime.DayFirst}, "
                    + $"{CsvTime.MonthFirst}, {CsvTime.Excel} or a format with y, M and d.",
                [nameof(TimeFormat)]);
        }

        if (WatchInterval is { } interval && (interval < TimeSpan.FromMilliseconds(100) || interval > TimeSpan.FromDays(1)))
        {
            yield return new ValidationResult("It is between 0.1 s and a day.", [nameof(WatchInterval)]);
        }
    }

    private static bool IsDelimiter(char c) => c == '\t' || (c is > ' ' and < '\x7F' and not '"' && !char.IsAsciiLetterOrDigit(c));

    private bool IsEncoding()
    {
        try
        {
            _ = FindEncoding();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
