using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Kasparro.Data.Migrations
{
    /// <inheritdoc />
    public partial class IdentityEvidence : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_identity_decisions_reason",
                table: "identity_decisions");

            migrationBuilder.DropIndex(
                name: "ix_assets_market_cap_usd_asset_id",
                table: "assets");

            migrationBuilder.DropIndex(
                name: "ix_assets_symbol_key_market_cap_usd_asset_id",
                table: "assets");

            migrationBuilder.AddColumn<string>(
                name: "origin",
                table: "identity_overrides",
                type: "text",
                nullable: false,
                defaultValue: "file");

            migrationBuilder.CreateTable(
                name: "identity_override_changes",
                columns: table => new
                {
                    change_id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    listing_id = table.Column<Guid>(type: "uuid", nullable: false),
                    other_id = table.Column<Guid>(type: "uuid", nullable: false),
                    is_same = table.Column<bool>(type: "boolean", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    changed_by = table.Column<string>(type: "text", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    request_id = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_identity_override_changes", x => x.change_id);
                });

            migrationBuilder.CreateTable(
                name: "price_comparisons",
                columns: table => new
                {
                    listing_id = table.Column<Guid>(type: "uuid", nullable: false),
                    other_id = table.Column<Guid>(type: "uuid", nullable: false),
                    agrees = table.Column<bool>(type: "boolean", nullable: false),
                    ratio = table.Column<double>(type: "double precision", nullable: false),
                    measured_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_price_comparisons", x => new { x.listing_id, x.other_id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_identity_decisions_asset_id",
                table: "identity_decisions",
                column: "asset_id",
                filter: "asset_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_identity_decisions_confidence_listing_id_other_id",
                table: "identity_decisions",
                columns: new[] { "confidence", "listing_id", "other_id" },
                descending: new[] { true, false, false },
                filter: "reason IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_assets_market_cap_usd_asset_id",
                table: "assets",
                columns: new[] { "market_cap_usd", "asset_id" },
                descending: new[] { true, false },
                filter: "is_active")
                .Annotation("Npgsql:IndexNullSortOrder", new[] { NullSortOrder.NullsLast, NullSortOrder.NullsLast });

            migrationBuilder.CreateIndex(
                name: "ix_assets_symbol_key_market_cap_usd_asset_id",
                table: "assets",
                columns: new[] { "symbol_key", "market_cap_usd", "asset_id" },
                descending: new[] { false, true, false },
                filter: "is_active")
                .Annotation("Npgsql:IndexNullSortOrder", new[] { NullSortOrder.NullsLast, NullSortOrder.NullsLast, NullSortOrder.NullsLast });

            migrationBuilder.CreateIndex(
                name: "ix_identity_override_changes_listing_id_other_id_change_id",
                table: "identity_override_changes",
                columns: new[] { "listing_id", "other_id", "change_id" },
                descending: new[] { false, false, true });

            migrationBuilder.CreateIndex(
                name: "ix_price_comparisons_other_id",
                table: "price_comparisons",
                column: "other_id");

            // Only active assets count as the catalogue's rows now, and pages that were kept show others too.
            migrationBuilder.Sql("UPDATE catalogue_counts SET count = (SELECT count(*) FROM assets WHERE is_active) WHERE scope = 'assets'");
            migrationBuilder.Sql("UPDATE catalogue_state SET version = version + 1, changed_at = clock_timestamp() WHERE version > 0");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "identity_override_changes");

            migrationBuilder.DropTable(
                name: "price_comparisons");

            migrationBuilder.DropIndex(
                name: "ix_identity_decisions_asset_id",
                table: "identity_decisions");

            migrationBuilder.DropIndex(
                name: "ix_identity_decisions_confidence_listing_id_other_id",
                table: "identity_decisions");

            migrationBuilder.DropIndex(
                name: "ix_assets_market_cap_usd_asset_id",
                table: "assets");

            migrationBuilder.DropIndex(
                name: "ix_assets_symbol_key_market_cap_usd_asset_id",
                table: "assets");

            migrationBuilder.DropColumn(
                name: "origin",
                table: "identity_overrides");

            migrationBuilder.CreateIndex(
                name: "ix_identity_decisions_reason",
                table: "identity_decisions",
                column: "reason",
                filter: "reason IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_assets_market_cap_usd_asset_id",
                table: "assets",
                columns: new[] { "market_cap_usd", "asset_id" },
                descending: new[] { true, false })
                .Annotation("Npgsql:IndexNullSortOrder", new[] { NullSortOrder.NullsLast, NullSortOrder.NullsLast });

            migrationBuilder.CreateIndex(
                name: "ix_assets_symbol_key_market_cap_usd_asset_id",
                table: "assets",
                columns: new[] { "symbol_key", "market_cap_usd", "asset_id" },
                descending: new[] { false, true, false })
                .Annotation("Npgsql:IndexNullSortOrder", new[] { NullSortOrder.NullsLast, NullSortOrder.NullsLast, NullSortOrder.NullsLast });

            migrationBuilder.Sql("UPDATE catalogue_counts SET count = (SELECT count(*) FROM assets) WHERE scope = 'assets'");
        }
    }
}
