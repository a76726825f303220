using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Kasparro.Data.Migrations
{
    /// <inheritdoc />
    public partial class Identity : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "name_key",
                table: "listings",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "slug_key",
                table: "listings",
                type: "text",
                nullable: true);

            // Keys are made of other things now: whatever is there is read, and decided about, anew.
            migrationBuilder.Sql("UPDATE listings SET match_key = NULL, profile_hash = NULL, quote_hash = NULL");

            migrationBuilder.CreateTable(
                name: "asset_platforms",
                columns: table => new
                {
                    listing_id = table.Column<Guid>(type: "uuid", nullable: false),
                    platform = table.Column<string>(type: "text", nullable: false),
                    address = table.Column<string>(type: "text", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_asset_platforms", x => new { x.listing_id, x.platform, x.address });
                });

            migrationBuilder.CreateTable(
                name: "identity_decisions",
                columns: table => new
                {
                    listing_id = table.Column<Guid>(type: "uuid", nullable: false),
                    other_id = table.Column<Guid>(type: "uuid", nullable: false),
                    asset_id = table.Column<Guid>(type: "uuid", nullable: true),
                    rule = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    confidence = table.Column<double>(type: "double precision", nullable: false),
                    evidence = table.Column<string>(type: "jsonb", nullable: false),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_identity_decisions", x => new { x.listing_id, x.other_id });
                });

            migrationBuilder.CreateTable(
                name: "identity_overrides",
                columns: table => new
                {
                    listing_id = table.Column<Guid>(type: "uuid", nullable: false),
                    other_id = table.Column<Guid>(type: "uuid", nullable: false),
                    is_same = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_identity_overrides", x => new { x.listing_id, x.other_id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_listings_name_key",
                table: "listings",
                column: "name_key",
                filter: "name_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_listings_slug_key",
                table: "listings",
                column: "slug_key",
                filter: "slug_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_asset_platforms_address_platform",
                table: "asset_platforms",
                columns: new[] { "address", "platform" });

            migrationBuilder.CreateIndex(
                name: "ix_identity_decisions_other_id",
                table: "identity_decisions",
                column: "other_id");

            migrationBuilder.CreateIndex(
                name: "ix_identity_decisions_reason",
                table: "identity_decisions",
                column: "reason",
                filter: "reason IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "asset_platforms");

            migrationBuilder.DropTable(
                name: "identity_decisions");

            migrationBuilder.DropTable(
                name: "identity_overrides");

            migrationBuilder.DropIndex(
                name: "ix_listings_name_key",
                table: "listings");

            migrationBuilder.DropIndex(
                name: "ix_listings_slug_key",
                table: "listings");

            migrationBuilder.DropColumn(
                name: "name_key",
                table: "listings");

            migrationBuilder.DropColumn(
                name: "slug_key",
                table: "listings");
        }
    }
}
