using Kasparro.Api.Postgres;

namespace Kasparro.Api.Catalogue;

/// <summary>Builds the table and the conditions that select the rows of a request.</summary>
internal static class FilterSql
{
    // Shorter texts have no trigram to search the index by, so they match the beginning only.
    private const int Trigram = 3;

    /// <summary>Returns the table's alias.</summary>
    public static string Alias(DataQuery query) => query.Source is null ? "a" : "l";

    /// <summary>Returns the table with its alias.</summary>
    public static string From(DataQuery query) => query.Source is null ? "assets AS a" : "listings AS l";

    /// <summary>Returns the conditions, of which there is always at least one.</summary>
    /// <param name="query">The request.</param>
    /// <param name="parameters">Receives the values.</param>
    public static string Where(DataQuery query, SqlParameters parameters)
    {
        var row = Alias(query);
        var asked = query.Filters ?? DataFilters.None;
        var conditions = new List<string>();
        if (query.Source is { } source)
        {
            conditions.Add($"l.source = {parameters.Add(source)}");
        }

        // Written out literally, so that PostgreSQL recognises that the partial index covers the query.
        if (query.Source is null || asked.IsActive is not null)
        {
            conditions.Add(asked.IsActive ?? true ? $"{row}.is_active" : $"NOT {row}.is_active");
        }

        if (query.Symbol.Length > 0)
        {
            conditions.Add(query.Symbol.Contains(DataQuery.SymbolSeparator)
                ? $"{row}.symbol_key = ANY({parameters.Add(query.Symbol.Split(DataQuery.SymbolSeparator))}::text[])"
                : $"{row}.symbol_key = {parameters.Add(query.Symbol)}");
        }

        if (query.Filters is not null)
        {
            Bound(conditions, parameters, $"{row}.price_usd", asked.Price);
            Bound(conditions, parameters, $"{row}.market_cap_usd", asked.MarketCap);
            Bound(conditions, parameters, $"{row}.volume_24h_usd", asked.Volume);
            Bound(conditions, parameters, $"{row}.rank", asked.Rank);
            if (asked.UpdatedSince is { } since)
            {
                conditions.Add($"{(query.Source is null ? "a.updated_at" : "coalesce(l.quoted_at, l.updated_at)")} >= " +
                    $"{parameters.Add(since)}");
            }

            Search(conditions, parameters, row, asked, isIndexed: query.Source is null);
        }

        return string.Join(" AND ", conditions);
    }

    /// <summary>Returns the LIKE pattern of rows that contain the text, or that begin with it if it is too short for the index.</summary>
    public static string Pattern(string text) => text.Length < Trigram ? $"{Escape(text)}%" : $"%{Escape(text)}%";

    /// <summary>Escapes a text for LIKE.</summary>
    public static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal)
        .Replace("_", "\\_", StringComparison.Ordinal);

    private static void Bound<T>(List<string> conditions, SqlParameters parameters, string column, DataRange<T> range)
        where T : struct
    {
        if (range.Minimum is { } minimum)
        {
            conditions.Add($"{column} >= {parameters.Add(minimum)}");
        }

        if (range.Maximum is { } maximum)
        {
            conditions.Add($"{column} <= {parameters.Add(maximum)}");
        }
    }

    /// <summary>Both sides are compared in PostgreSQL's upper case. For assets, the index limits the rows that can match at all.</summary>
    private static void Search(List<string> conditions, SqlParameters parameters, string row, DataFilters asked, bool isIndexed)
    {
        if (asked.Search.Length > 0)
        {
            var pattern = parameters.AddUpper(Pattern(asked.Search));
            conditions.Add($"upper({row}.symbol || ' ' || {row}.name) LIKE {pattern}");
            if (isIndexed)
            {
                conditions.Add(IsFound(pattern));
            }
        }

        if (asked.Name.Length > 0)
        {
            var pattern = parameters.AddUpper(Pattern(asked.Name));
            conditions.Add($"upper({row}.name) LIKE {pattern}");
            if (isIndexed && asked.Name.Length >= Trigram)
            {
                conditions.Add(IsFound(pattern));
            }
        }
    }

    private static string IsFound(string pattern) =>
        $"a.asset_id IN (SELECT s.asset_id FROM asset_search AS s WHERE s.search_text LIKE {pattern})";
}
