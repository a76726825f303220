using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Kasparro.Data.Migrations
{
    /// <inheritdoc />
    public partial class AssetSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_listings_source_market_cap_usd_asset_id",
                table: "listings");

            migrationBuilder.CreateIndex(
                name: "ix_listings_source_market_cap_usd_asset_id_listing_id",
                table: "listings",
                columns: new[] { "source", "market_cap_usd", "asset_id", "listing_id" },
                descending: new[] { false, true, false, false })
                .Annotation("Npgsql:IndexNullSortOrder", new[] { NullSortOrder.NullsLast, NullSortOrder.NullsLast, NullSortOrder.NullsLast, NullSortOrder.NullsLast });

            // Trigrams of symbol and name. Of PostgreSQL's own contrib modules, and trusted: a database's owner may create it.
            migrationBuilder.Sql("CREATE EXTENSION IF NOT EXISTS pg_trgm");
            migrationBuilder.Sql("""
                CREATE TABLE asset_search (asset_id uuid NOT NULL CONSTRAINT pk_asset_search PRIMARY KEY, search_text text NOT NULL);
                CREATE INDEX ix_asset_search_search_text ON asset_search USING gin (search_text gin_trgm_ops);

                -- Beside the assets, and not a column of theirs: an index on them would be written anew with every price.
                CREATE FUNCTION refresh_asset_search() RETURNS bigint LANGUAGE plpgsql AS $$
                DECLARE
                    written bigint;
                    moved bigint;
                BEGIN
                    INSERT INTO asset_search AS s (asset_id, search_text)
                    SELECT a.asset_id, upper(a.symbol || ' ' || a.name)
                    FROM assets AS a LEFT JOIN asset_search AS known ON known.asset_id = a.asset_id
                    WHERE known.search_text IS DISTINCT FROM upper(a.symbol || ' ' || a.name)
                    ON CONFLICT (asset_id) DO UPDATE SET search_text = excluded.search_text;
                    GET DIAGNOSTICS written = ROW_COUNT;
                    DELETE FROM asset_search AS s WHERE NOT EXISTS (SELECT FROM assets AS a WHERE a.asset_id = s.asset_id);
                    IF written > 0 THEN
                        -- Else every search would go through what is not sorted into the index yet.
                        PERFORM gin_clean_pending_list('ix_asset_search_search_text');
                        UPDATE catalogue_state SET version = version + 1, changed_at = clock_timestamp() RETURNING version INTO moved;
                    END IF;
                    RETURN moved;
                END $$;

                SELECT refresh_asset_search();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP FUNCTION refresh_asset_search(); DROP TABLE asset_search");

            migrationBuilder.DropIndex(
                name: "ix_listings_source_market_cap_usd_asset_id_listing_id",
                table: "listings");

            migrationBuilder.CreateIndex(
                name: "ix_listings_source_market_cap_usd_asset_id",
                table: "listings",
                columns: new[] { "source", "market_cap_usd", "asset_id" },
                descending: new[] { false, true, false })
                .Annotation("Npgsql:IndexNullSortOrder", new[] { NullSortOrder.NullsLast, NullSortOrder.NullsLast, NullSortOrder.NullsLast });
        }
    }
}
