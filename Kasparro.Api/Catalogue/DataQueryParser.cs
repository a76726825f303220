using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.WebUtilities;
using static System.FormattableString;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// Parses the query string of <c>/data</c> and the filters of <c>/export</c> directly, in one pass over the text that was sent, since
/// <c>/data</c> is the hot route. Follows the rules of <see cref="RequestParameters"/>: a blank value counts as absent, and known words are
/// accepted in any case.
/// </summary>
internal struct DataQueryParser(DataCursorCodec? cursors, DataParameter allowed, IReadOnlyList<string> others)
{
    private static readonly string Sources = string.Join(", ", SourceNames.All);

    private DataQuery _query = new(1, DataQuery.DefaultPageSize, null, "");
    private DataParameter _given;
    private SortedSet<string>? _symbols;
    private string? _cursor;
    private DataFilters? _filters;
    private readonly QueryErrors _errors = new();

    /// <summary>Parses a query string, including its question mark.</summary>
    /// <param name="queryString">The query string as sent; null or empty for the first page.</param>
    /// <param name="cursors">Decodes the cursor.</param>
    /// <param name="query">The request in normal form.</param>
    /// <param name="errors">Each invalid parameter, with what is wrong with it; null if the request is valid.</param>
    public static bool TryParse(
        string? queryString,
        DataCursorCodec cursors,
        out DataQuery query,
        [NotNullWhen(false)] out IReadOnlyDictionary<string, string[]>? errors)
    {
        var parser = new DataQueryParser(cursors, DataParameter.All, others: []);
        parser.ReadAll(queryString);
        query = parser._query;
        errors = parser._errors.Any ? parser._errors.All : null;
        return errors is null;
    }

    /// <summary>
    /// Parses a request for all rows that match <see cref="DataParameter.Filters"/>, for a resource that also has its own parameters.
    /// </summary>
    /// <param name="queryString">The query string as sent.</param>
    /// <param name="others">The resource's own parameters, which it parses itself.</param>
    /// <param name="query">The rows that are requested.</param>
    /// <returns>The errors, to which the resource can add its own.</returns>
    public static QueryErrors ParseFilters(string? queryString, IReadOnlyList<string> others, out DataQuery query)
    {
        var parser = new DataQueryParser(cursors: null, DataParameter.Filters, others);
        parser.ReadAll(queryString);
        query = parser._query;
        return parser._errors;
    }

    private void ReadAll(string? queryString)
    {
        foreach (var pair in new QueryStringEnumerable(queryString))
        {
            Read(pair.DecodeName().Span, pair.DecodeValue().Span.Trim());
            if (_errors.IsFull)
            {
                return;
            }
        }

        Complete();
    }

    private void Read(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        var parameter = DataParameters.Find(name);
        if (parameter is DataParameter.None || !allowed.HasFlag(parameter))
        {
            if (!name.SequenceEqual(RequestParameters.CacheBuster) && !others.Contains(name.ToString(), StringComparer.Ordinal))
            {
                var known = string.Join(", ", [.. others, DataParameters.GetNames(allowed)]);
                _errors.Add(name.ToString(), $"is not a parameter of this resource; those are {known}");
            }

            return;
        }

        if (value.IsEmpty)
        {
            return;
        }

        if (parameter is not DataParameter.Symbol && _given.HasFlag(parameter))
        {
            Fail(parameter, "must be given once");
            return;
        }

        _given |= parameter;

        // .NET's parsers ignore it at the end of a number, and PostgreSQL's text cannot contain it: the comparison itself would fail.
        if (value.Contains('\0'))
        {
            Fail(parameter, "must not contain the character NUL");
            return;
        }

        switch (parameter)
        {
            case DataParameter.Page:
                _query = _query with { Page = ReadWhole(parameter, value, int.MaxValue) ?? 1 };
                break;
            case DataParameter.PageSize:
                _query = _query with { PageSize = ReadWhole(parameter, value, DataQuery.MaxPageSize) ?? DataQuery.DefaultPageSize };
                break;
            case DataParameter.Source:
                _query = _query with { Source = ReadSource(value) };
                break;
            case DataParameter.Symbol:
                ReadSymbols(value);
                break;
            case DataParameter.Cursor:
                _cursor = value.ToString();
                break;
            default:
                _filters = Filter(_filters ?? DataFilters.None, parameter, value);
                break;
        }
    }

    private DataFilters Filter(DataFilters asked, DataParameter parameter, ReadOnlySpan<char> value) => parameter switch
    {
        DataParameter.Name => asked with { Name = ReadText(parameter, value) },
        DataParameter.Q => asked with { Search = ReadText(parameter, value) },
        DataParameter.MinPrice => asked with { Price = asked.Price with { Minimum = ReadNumber(parameter, value) } },
        DataParameter.MaxPrice => asked with { Price = asked.Price with { Maximum = ReadNumber(parameter, value) } },
        DataParameter.MinMarketCap => asked with { MarketCap = asked.MarketCap with { Minimum = ReadNumber(parameter, value) } },
        DataParameter.MaxMarketCap => asked with { MarketCap = asked.MarketCap with { Maximum = ReadNumber(parameter, value) } },
        DataParameter.MinVolume => asked with { Volume = asked.Volume with { Minimum = ReadNumber(parameter, value) } },
        DataParameter.MaxVolume => asked with { Volume = asked.Volume with { Maximum = ReadNumber(parameter, value) } },
        DataParameter.Rank => asked with { Rank = ReadRanks(value) },
        DataParameter.Active => asked with { IsActive = Flag.Read(value) ?? Refuse<bool>(parameter, Flag.Expected) },
        DataParameter.UpdatedSince => asked with
        {
            UpdatedSince = Rfc3339.TryParse(value, out var time) ? time : Refuse<DateTime>(parameter, Rfc3339.Expected),
        },
        DataParameter.Sort => ReadSort(asked, value),
        DataParameter.VsCurrency => asked with { Currency = ReadCurrency(value) },
        _ => asked with { Fields = ReadFields(value) },
    };

    private void Complete()
    {
        if (_symbols is { Count: > 0 } symbols)
        {
            _query = _query with { Symbol = symbols.Count == 1 ? symbols.Min! : string.Join(DataQuery.SymbolSeparator, symbols) };
            if (symbols.Count > DataQuery.MaxSymbols)
            {
                Fail(DataParameter.Symbol, Invariant($"must not name more than {DataQuery.MaxSymbols} symbols"));
            }
        }

        if (_filters is { } filters)
        {
            CheckRange(filters.Price, DataParameter.MinPrice, DataParameter.MaxPrice);
            CheckRange(filters.MarketCap, DataParameter.MinMarketCap, DataParameter.MaxMarketCap);
            CheckRange(filters.Volume, DataParameter.MinVolume, DataParameter.MaxVolume);
            _query = _query with { Filters = filters == DataFilters.None ? null : filters };
        }

        if (_query.Offset + _query.PageSize > DataQuery.MaxDepth)
        {
            Fail(
                DataParameter.Page,
                Invariant($"reaches {DataQuery.MaxDepth} rows deep; for what lies beyond, follow next, which leads on with cursor"));
        }

        if (_cursor is null)
        {
            return;
        }

        if (_given.HasFlag(DataParameter.Page))
        {
            Fail(DataParameter.Cursor, "must not be given together with page");
        }
        else if (!_errors.Any)
        {
            // Last: a cursor is bound to all other parameters.
            if (cursors!.Decode(_query, _cursor) is { } cursor)
            {
                _query = _query with { Filters = (_query.Filters ?? DataFilters.None) with { Cursor = cursor } };
            }
            else
            {
                Fail(DataParameter.Cursor, "must be one that this service gave, with the parameters that it was given for");
            }
        }
    }

    private readonly int? ReadWhole(DataParameter parameter, ReadOnlySpan<char> value, int maximum) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= maximum
            ? number
            : Refuse<int>(parameter, Invariant($"must be a whole number from 1 to {maximum}"));

    private readonly double? ReadNumber(DataParameter parameter, ReadOnlySpan<char> value)
    {
        const NumberStyles Json = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(value, Json, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number + 0.0 // Turns -0 into 0, which means the same.
            : Refuse<double>(parameter, "must be a number, such as 0.5 or 1e9");
    }

    private DataRange<int> ReadRanks(ReadOnlySpan<char> value)
    {
        var dash = value.IndexOf('-');
        var first = dash < 0 ? value : value[..dash];
        var last = dash < 0 ? value : value[(dash + 1)..];
        if (int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var minimum)
            && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var maximum)
            && minimum >= 1
            && minimum <= maximum)
        {
            return new(minimum, maximum);
        }

        Fail(DataParameter.Rank, "must be a rank from 1, or a range of ranks such as 1-100");
        return default;
    }

    private string? ReadSource(ReadOnlySpan<char> value)
    {
        foreach (var known in SourceNames.All)
        {
            if (value.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return known;
            }
        }

        Fail(DataParameter.Source, $"must be one of {Sources}");
        return null;
    }

    private void ReadSymbols(ReadOnlySpan<char> value)
    {
        // A comma may separate symbols or be part of one, so both readings are included.
        _symbols ??= new(StringComparer.Ordinal);
        if (!value.Contains(','))
        {
            Add(value);
            return;
        }

        if (value.Length <= DataQuery.MaxSymbolLength)
        {
            Add(value);
        }

        foreach (var part in value.Split(','))
        {
            Add(value[part].Trim());
        }
    }

    private readonly void Add(ReadOnlySpan<char> symbol)
    {
        // Stops adding once there are too many: the error is the same for any excess.
        if (!symbol.IsEmpty && _symbols!.Count <= DataQuery.MaxSymbols + 1
            && IsText(DataParameter.Symbol, symbol, DataQuery.MaxSymbolLength))
        {
            _symbols.Add(ToKey(symbol));
        }
    }

    private string ReadText(DataParameter parameter, ReadOnlySpan<char> value) =>
        IsText(parameter, value, DataFilters.MaxTextLength) ? ToKey(value.Trim()) : "";

    private static string ToKey(ReadOnlySpan<char> text) => UnicodeText.Compose(text.ToString()).ToUpperInvariant();

    private DataFilters ReadSort(DataFilters asked, ReadOnlySpan<char> value)
    {
        // A plus sign that a client did not escape arrives as a blank, which has been trimmed.
        var isDescending = value is ['-', ..];
        if (DataField.Find(value is ['-' or '+', ..] ? value[1..].Trim() : value) is { } field)
        {
            return asked with { Sort = field, IsDescending = isDescending };
        }

        Fail(DataParameter.Sort, $"must be one of {DataField.Names}, with - before it to fall instead of rise");
        return asked;
    }

    // Only the catalogue knows whether it has a rate for the currency.
    private string ReadCurrency(ReadOnlySpan<char> value)
    {
        if (CurrencyCode.TryParse(value.ToString(), null, out var code))
        {
            return code.Value == CurrencyRates.Usd ? "" : code.Value;
        }

        Fail(DataParameter.VsCurrency, CurrencyCode.Expected);
        return "";
    }

    private DataFieldSet ReadFields(ReadOnlySpan<char> value)
    {
        var fields = DataFieldSet.None;
        foreach (var part in value.Split(','))
        {
            var name = value[part].Trim();
            if (name.IsEmpty)
            {
                continue;
            }

            if (DataField.Find(name) is not { } field)
            {
                Fail(DataParameter.Fields, $"must be some of {DataField.Names}, with commas between them");
                return DataFieldSet.Default;
            }

            fields |= field.Flag;
        }

        return fields is DataFieldSet.None ? DataFieldSet.Default : fields;
    }

    private readonly bool IsText(DataParameter parameter, ReadOnlySpan<char> value, int maxLength)
    {
        if (value.Length > maxLength)
        {
            Fail(parameter, Invariant($"must not be longer than {maxLength} characters"));
            return false;
        }

        return true;
    }

    private void CheckRange(DataRange<double> range, DataParameter minimum, DataParameter maximum)
    {
        if (range.Minimum > range.Maximum)
        {
            Fail(minimum, $"must not be greater than {DataParameters.GetName(maximum)}");
        }
    }

    private readonly T? Refuse<T>(DataParameter parameter, string error)
        where T : struct
    {
        Fail(parameter, error);
        return null;
    }

    private readonly void Fail(DataParameter parameter, string error) => _errors.Add(DataParameters.GetName(parameter), error);
}
