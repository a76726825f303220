namespace Kasparro.Ingestion.Model;

/// <summary>The outcome of a page's records; the counts add up to the number of records read.</summary>
internal readonly record struct PageOutcome(int Inserted, int Updated, int Unchanged, int Duplicates, int Rejected, long? CatalogueVersion)
{
    public int Read => Inserted + Updated + Unchanged + Duplicates + Rejected;

    public static PageOutcome operator +(PageOutcome left, PageOutcome right) => new(
        left.Inserted + right.Inserted,
        left.Updated + right.Updated,
        left.Unchanged + right.Unchanged,
        left.Duplicates + right.Duplicates,
        left.Rejected + right.Rejected,
        right.CatalogueVersion ?? left.CatalogueVersion);
}
