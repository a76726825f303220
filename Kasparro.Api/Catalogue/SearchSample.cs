using System.Text;
using Kasparro.Api.Postgres;
using Npgsql;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// Some ten thousand of the texts that are searched, from which follows how to look for another: a trigram index takes 15 ms to work through the
/// trigrams that a million texts have in common, and less than one for the rare ones of the same search. A hint: what is found does not depend on it.
/// Read in the background when something is first searched, and anew for a later version after <see cref="Lifetime"/>.
/// </summary>
internal sealed class SearchSample(NpgsqlDataSource catalogue, CatalogueDeadline deadline, TimeProvider time)
{
    /// <summary>How long a sample is good enough, whatever was committed since.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private const int Trigram = 3;

    // Letters and digits of ASCII: what is a trigram of them is one in every locale.
    private const int Letters = 36;

    // Rarer than this, a search finds too little in the sample to go by it.
    private const int LeastHits = 20;

    // Among this share of all texts reading on is cheaper than any index.
    private const double Everywhere = 0.05;

    // With no trigram rarer than this, the ones that the text has at its words' ends may help.
    private const double CommonTrigram = 0.02;

    // What a match costs that is looked up by its id, against one row read in order (measured: 3.5 and 1.2 µs).
    private const double CostOfMatch = 3;

    private const string Sql = """
        SELECT n.count, s.search_text
        FROM asset_search AS s TABLESAMPLE SYSTEM ((SELECT least(100, 1000000.0 / greatest(count, 1)) FROM catalogue_counts WHERE scope = 'assets')),
            catalogue_counts AS n
        WHERE n.scope = 'assets'
        """;

    private volatile Sample? _sample;
    private int _isReading;

    /// <summary>How to search; null where nothing is searched.</summary>
    /// <param name="query">The question.</param>
    /// <param name="stamp">The newest version known.</param>
    /// <param name="isAlone">Whether nothing else filters or orders the rows.</param>
    public SearchPlan? PlanOf(DataQuery query, CatalogueStamp stamp, bool isAlone)
    {
        if (query.Filters is not { } asked || (asked.Search.Length == 0 && asked.Name.Length < Trigram))
        {
            return null;
        }

        var sample = _sample;
        if (sample is null || (sample.Stamp != stamp && time.GetElapsedTime(sample.ReadAt) > Lifetime))
        {
            Read(stamp);
        }

        var text = asked.Search.Length == 0 || (asked.Name.Length > asked.Search.Length && asked.Name.Length >= Trigram) ? asked.Name : asked.Search;
        var pattern = FilterSql.Pattern(text);
        if (sample is null || sample.Count == 0)
        {
            return new(pattern, pattern, IsCommon: false, IsIndexed: query.Source is null);
        }

        var share = sample.HitsOf(text) / (double)sample.Count;
        var matches = share * sample.Catalogue;
        var rows = (asked.Cursor is null ? query.Offset : 0) + query.PageSize + 1;

        // Without an index the other way is to read all rows.
        var isSooner = rows / share < (query.Source is null ? CostOfMatch * matches : sample.Catalogue);
        var isCommon = isAlone && share * sample.Count >= LeastHits && isSooner;
        return new(
            text.Length < Trigram ? pattern : sample.RarestOf(text) ?? pattern,
            pattern,
            isCommon,
            IsIndexed: query.Source is null && !(isCommon && share >= Everywhere));
    }

    private static int IndexOf(ReadOnlySpan<char> trigram)
    {
        var index = 0;
        foreach (var letter in trigram)
        {
            var digit = char.IsAsciiDigit(letter) ? letter - '0' : char.IsAsciiLetterUpper(letter) ? letter - 'A' + 10 : -1;
            if (digit < 0)
            {
                return -1;
            }

            index = (index * Letters) + digit;
        }

        return index;
    }

    private void Read(CatalogueStamp stamp)
    {
        if (Interlocked.Exchange(ref _isReading, 1) == 0)
        {
            _ = Task.Run(() => ReadAsync(stamp));
        }
    }

    private async Task ReadAsync(CatalogueStamp stamp)
    {
        try
        {
            _sample = await deadline.RunAsync(token => QueryAsync(stamp, token));
        }
        catch (CatalogueUnavailableException)
        {
            // The next search tries again.
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }
    }

    private async Task<Sample> QueryAsync(CatalogueStamp stamp, CancellationToken cancellationToken)
    {
        await using var connection = await catalogue.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (size, count) = (0L, 0);
        var texts = new StringBuilder();
        while (await reader.ReadAsync(cancellationToken))
        {
            size = reader.GetInt64(0);
            texts.Append('\n').Append(reader.GetString(1));
            count++;
        }

        return new Sample(stamp, time.GetTimestamp(), size, count, texts.ToString());
    }

    private sealed class Sample
    {
        private readonly string _texts;
        private readonly int[] _trigrams = new int[Letters * Letters * Letters];

        public Sample(CatalogueStamp stamp, long readAt, long catalogue, int count, string texts)
        {
            (Stamp, ReadAt, Catalogue, Count, _texts) = (stamp, readAt, catalogue, count, texts);
            for (var start = 0; start + Trigram <= texts.Length; start++)
            {
                if (IndexOf(texts.AsSpan(start, Trigram)) is var index and >= 0)
                {
                    _trigrams[index]++;
                }
            }
        }

        public CatalogueStamp Stamp { get; }

        public long ReadAt { get; }

        /// <summary>Texts in the catalogue.</summary>
        public long Catalogue { get; }

        /// <summary>Texts in the sample.</summary>
        public int Count { get; }

        /// <summary>How many of the texts have the one that is searched.</summary>
        public int HitsOf(string text)
        {
            var searched = text.Length < Trigram ? "\n" + text : text;
            var hits = 0;
            for (var at = 0; at < _texts.Length; hits++)
            {
                var found = _texts.IndexOf(searched, at, StringComparison.Ordinal);
                if (found < 0)
                {
                    break;
                }

                var end = _texts.IndexOf('\n', found + 1);
                at = end < 0 ? _texts.Length : end;
            }

            return hits;
        }

        /// <summary>LIKE's pattern of the text's rarest trigrams, and of those not much less rare; null where none is rare.</summary>
        public string? RarestOf(string text)
        {
            var rarest = int.MaxValue;
            for (var start = 0; start + Trigram <= text.Length; start++)
            {
                if (IndexOf(text.AsSpan(start, Trigram)) is var index and >= 0)
                {
                    rarest = Math.Min(rarest, _trigrams[index]);
                }
            }

            if (rarest > Count * CommonTrigram)
            {
                return null;
            }

            var most = (rarest * 4L) + LeastHits;
            var pattern = new StringBuilder("%");
            var end = 0;
            for (var start = 0; start + Trigram <= text.Length; start++)
            {
                if (IndexOf(text.AsSpan(start, Trigram)) is var index && (index < 0 || _trigrams[index] > most))
                {
                    continue;
                }

                if (start > end && pattern.Length > 1)
                {
                    pattern.Append('%');
                }

                pattern.Append(text.AsSpan(Math.Max(start, end)..(start + Trigram)));
                end = start + Trigram;
            }

            return pattern.Append('%').ToString();
        }
    }
}
