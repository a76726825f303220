using Kasparro.Api.Postgres;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Api.Catalogue;

/// <summary>The prices of a US dollar in one currency over a period.</summary>
/// <param name="all">The rates, the oldest first.</param>
internal sealed class PastRates(IReadOnlyList<(DateTime At, double PerDollar)> all)
{
    // The newest rate before the period, the rates within it, and the first one after it, which converts amounts from before all rates.
    private const string Sql = """
        SELECT r.quoted_at, r.per_bitcoin, d.per_bitcoin
        FROM exchange_rates r JOIN exchange_rates d ON d.quoted_at = r.quoted_at AND d.currency = 'usd'
        WHERE r.currency = $1 AND r.quoted_at < $3
          AND r.quoted_at >= coalesce((SELECT max(quoted_at) FROM exchange_rates WHERE currency = $1 AND quoted_at <= $2), '-infinity')
        UNION ALL
        (SELECT r.quoted_at, r.per_bitcoin, d.per_bitcoin
         FROM exchange_rates r JOIN exchange_rates d ON d.quoted_at = r.quoted_at AND d.currency = 'usd'
         WHERE r.currency = $1 AND r.quoted_at >= $3 ORDER BY r.quoted_at LIMIT 1)
        ORDER BY 1
        """;

    /// <summary>Whether no rates were found.</summary>
    public bool IsEmpty => all.Count == 0;

    /// <summary>Creates the statement that reads the rates of a period.</summary>
    /// <param name="currency">The currency, in lower case.</param>
    /// <param name="from">The start of the period, UTC.</param>
    /// <param name="to">The end of the period, exclusive, UTC.</param>
    public static NpgsqlBatchCommand For(string currency, DateTime from, DateTime to) =>
        new NpgsqlBatchCommand(Sql).With([currency, from, to]);

    /// <summary>Reads the result of <see cref="For"/>.</summary>
    public static async Task<PastRates> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var all = new List<(DateTime, double)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (NumberColumns.Finite(reader.GetDouble(1) / reader.GetDouble(2)) is { } perDollar)
            {
                all.Add((reader.GetDateTime(0), perDollar));
            }
        }

        return new(all);
    }

    /// <summary>Returns the rate at a time: the newest one at or before it, otherwise the oldest.</summary>
    /// <param name="time">The time, UTC.</param>
    public double At(DateTime time)
    {
        var (low, high) = (0, all.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = all[middle].At <= time ? (middle, high) : (low, middle - 1);
        }

        return all[low].PerDollar;
    }
}
