namespace Kasparro.Data.Schema;

/// <summary>The SQL of the schema that EF Core cannot derive from the model, in files next to this class.</summary>
internal static class SchemaSql
{
    /// <summary>The partitioned tables.</summary>
    public static string Partitions => Read("partitions.sql");

    /// <summary>The tables and functions of candles.</summary>
    public static string Candles => Read("candles.sql");

    /// <summary>The extension, table and function of the search.</summary>
    public static string Search => Read("search.sql");

    /// <summary>The rights of the API's role.</summary>
    public static string ApiRole => Read("api-role.sql");

    private static string Read(string name)
    {
        using var stream = typeof(SchemaSql).Assembly.GetManifestResourceStream(typeof(SchemaSql), name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
