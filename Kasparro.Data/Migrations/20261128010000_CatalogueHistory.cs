using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Kasparro.Data.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(CatalogueContext))]
    [Migration("20261128010000_CatalogueHistory")]
    public partial class CatalogueHistory : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "cursor_key",
                table: "catalogue_state",
                type: "bytea",
                nullable: false,
                defaultValueSql: "uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())");

            migrationBuilder.Sql("""
                CREATE OR REPLACE FUNCTION refresh_asset_search() RETURNS bigint LANGUAGE plpgsql AS $$
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

                        -- Noted, though no asset changed: clients that follow the catalogue prove by the notes that they know this version.
                        WITH state AS (UPDATE catalogue_state SET version = version + 1, changed_at = clock_timestamp() RETURNING version, changed_at)
                        INSERT INTO catalogue_changes (version, changed_at, count, asset_ids) SELECT version, changed_at, 0, '{}' FROM state
                        RETURNING version INTO moved;
                    END IF;
                    RETURN moved;
                END $$;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.DropColumn(name: "cursor_key", table: "catalogue_state");
    }
}
