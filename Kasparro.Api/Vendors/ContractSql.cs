using Npgsql;

namespace Kasparro.Api.Vendors;

/// <summary>Statements that read the contracts of assets, one for each platform, as arrays in the order of the platforms.</summary>
internal static class ContractSql
{
    /// <summary>
    /// Builds a lateral join that adds <c>platforms</c> and <c>addresses</c> to rows with an <c>asset_id</c> and the vendor's
    /// <c>listing_id</c>.
    /// </summary>
    /// <param name="row">The alias of the rows.</param>
    /// <param name="source">The vendor; its own contracts come first.</param>
    /// <param name="isMirror">Whether to use only the contracts that the vendor itself gives for its own listing.</param>
    public static string Join(string row, string source, bool isMirror) => $"""
        LEFT JOIN LATERAL (
            SELECT array_agg(platform ORDER BY platform) AS platforms, array_agg(address ORDER BY platform) AS addresses FROM (
                SELECT DISTINCT ON (p.platform) p.platform, p.address
                FROM {From(row, source, isMirror)}
                ORDER BY p.platform, p.source <> '{source}', p.address) AS named) AS contracts ON true
        """;

    /// <summary>Builds the condition that such rows have a contract.</summary>
    public static string Exists(string row, string source, bool isMirror) => $"EXISTS (SELECT FROM {From(row, source, isMirror)})";

    /// <summary>Reads the two columns that <see cref="Join"/> adds, from the index of the first.</summary>
    public static IReadOnlyList<(string Platform, string Address)> Read(NpgsqlDataReader row, int column) => row.IsDBNull(column)
        ? []
        : [.. row.GetFieldValue<string[]>(column).Zip(row.GetFieldValue<string[]>(column + 1))];

    private static string From(string row, string source, bool isMirror) => isMirror
        ? $"asset_platforms p WHERE p.listing_id = {row}.listing_id AND p.source = '{source}'"
        : $"listings l JOIN asset_platforms p ON p.listing_id = l.listing_id WHERE l.asset_id = {row}.asset_id";
}
