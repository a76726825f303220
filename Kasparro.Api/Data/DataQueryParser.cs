using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kasparro.Data;
using Microsoft.AspNetCore.WebUtilities;

namespace Kasparro.Api.Data;

/// <summary>Reads the query string of <c>/data</c>, and says everything that is wrong with it at once.</summary>
internal struct DataQueryParser
{
    public const string PageName = "page";
    public const string PageSizeName = "page_size";
    public const string SourceName = "source";
    public const string SymbolName = "symbol";

    private static readonly string Sources = string.Join(", ", SourceNames.All);

    private DataQuery _query = new(1, DataQuery.DefaultPageSize, null, "");
    private Given _given;
    private Dictionary<string, string[]>? _errors;

    public DataQueryParser()
    {
    }

    [Flags]
    private enum Given
    {
        None = 0,
        Page = 1,
        PageSize = 2,
        Source = 4,
        Symbol = 8,
    }

    /// <summary>Parses a query string, its question mark included.</summary>
    /// <param name="queryString">As the client sent it; null or empty asks for the first page.</param>
    /// <param name="query">The question in its normal form.</param>
    /// <param name="errors">Where it returns false: each parameter at fault, with what is wrong with it.</param>
    public static bool TryParse(
        string? queryString, out DataQuery query, [NotNullWhen(false)] out IReadOnlyDictionary<string, string[]>? errors)
    {
        var parser = new DataQueryParser();
        foreach (var pair in new QueryStringEnumerable(queryString))
        {
            parser.Read(pair.DecodeName().Span, pair.DecodeValue().Span);
        }

        query = parser._query;
        errors = parser._errors;
        return errors is null;
    }

    private void Read(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        switch (name)
        {
            case PageName:
                if (IsFirst(Given.Page, PageName) && TryParseWhole(PageName, value, int.MaxValue, out var page))
                {
                    _query = _query with { Page = page };
                }

                break;
            case PageSizeName:
                if (IsFirst(Given.PageSize, PageSizeName) && TryParseWhole(PageSizeName, value, DataQuery.MaxPageSize, out var pageSize))
                {
                    _query = _query with { PageSize = pageSize };
                }

                break;
            case SourceName:
                if (IsFirst(Given.Source, SourceName) && TryParseSource(value, out var source))
                {
                    _query = _query with { Source = source };
                }

                break;
            case SymbolName:
                if (IsFirst(Given.Symbol, SymbolName) && TryParseSymbol(value, out var symbol))
                {
                    _query = _query with { Symbol = symbol };
                }

                break;
            default:
                AddError(name.ToString(), $"is not a parameter of this resource; those are {PageName}, {PageSizeName}, {SourceName}, {SymbolName}");
                break;
        }
    }

    private bool IsFirst(Given parameter, string name)
    {
        if (_given.HasFlag(parameter))
        {
            AddError(name, "must be given once");
            return false;
        }

        _given |= parameter;
        return true;
    }

    private bool TryParseWhole(string name, ReadOnlySpan<char> value, int maximum, out int number)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= maximum)
        {
            return true;
        }

        AddError(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from 1 to {maximum}"));
        return false;
    }

    private bool TryParseSource(ReadOnlySpan<char> value, out string? source)
    {
        source = null;
        if (value.IsEmpty)
        {
            return true;
        }

        foreach (var known in SourceNames.All)
        {
            if (value.SequenceEqual(known))
            {
                source = known;
                return true;
            }
        }

        AddError(SourceName, $"must be one of {Sources}");
        return false;
    }

    private bool TryParseSymbol(ReadOnlySpan<char> value, out string symbol)
    {
        symbol = value.ToString().ToUpperInvariant();
        if (value.Length > DataQuery.MaxSymbolLength)
        {
            AddError(SymbolName, string.Create(CultureInfo.InvariantCulture, $"must not be longer than {DataQuery.MaxSymbolLength} characters"));
            return false;
        }

        // PostgreSQL's text holds no NUL: the comparison itself would fail.
        if (value.Contains('\0'))
        {
            AddError(SymbolName, "must not contain the character NUL");
            return false;
        }

        return true;
    }

    private void AddError(string name, string error)
    {
        _errors ??= new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (!_errors.TryGetValue(name, out var errors))
        {
            _errors[name] = [error];
        }
        else if (!errors.Contains(error, StringComparer.Ordinal))
        {
            _errors[name] = [.. errors, error];
        }
    }
}
