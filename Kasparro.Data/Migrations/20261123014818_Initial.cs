using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace Kasparro.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "asset_redirects",
                columns: table => new
                {
                    asset_id = table.Column<Guid>(type: "uuid", nullable: false),
                    merged_into = table.Column<Guid>(type: "uuid", nullable: false),
                    merged_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_asset_redirects", x => x.asset_id);
                });

            migrationBuilder.CreateTable(
                name: "assets",
                columns: table => new
                {
                    asset_id = table.Column<Guid>(type: "uuid", nullable: false),
                    symbol = table.Column<string>(type: "text", nullable: false),
                    symbol_key = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    is_active = table.Column<bool>(type: "boolean", nullable: false),
                    price_usd = table.Column<double>(type: "double precision", nullable: true),
                    market_cap_usd = table.Column<double>(type: "double precision", nullable: true),
                    volume_24h_usd = table.Column<double>(type: "double precision", nullable: true),
                    rank = table.Column<int>(type: "integer", nullable: true),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_assets", x => x.asset_id);
                });

            migrationBuilder.CreateTable(
                name: "catalogue_counts",
                columns: table => new
                {
                    scope = table.Column<string>(type: "text", nullable: false),
                    count = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_catalogue_counts", x => x.scope);
                });

            migrationBuilder.CreateTable(
                name: "catalogue_state",
                columns: table => new
                {
                    id = table.Column<short>(type: "smallint", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_catalogue_state", x => x.id);
                    table.CheckConstraint("ck_catalogue_state_one_row", "id = 1");
                });

            migrationBuilder.CreateTable(
                name: "checkpoints",
                columns: table => new
                {
                    source = table.Column<string>(type: "text", nullable: false),
                    stream = table.Column<string>(type: "text", nullable: false),
                    run_id = table.Column<Guid>(type: "uuid", nullable: false),
                    page = table.Column<int>(type: "integer", nullable: false),
                    records = table.Column<long>(type: "bigint", nullable: false),
                    is_complete = table.Column<bool>(type: "boolean", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_external_id = table.Column<string>(type: "text", nullable: true),
                    content_identity = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_checkpoints", x => new { x.source, x.stream });
                });

            migrationBuilder.CreateTable(
                name: "ingestion_lease",
                columns: table => new
                {
                    id = table.Column<short>(type: "smallint", nullable: false),
                    token = table.Column<long>(type: "bigint", nullable: false),
                    holder = table.Column<string>(type: "text", nullable: true),
                    acquired_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ingestion_lease", x => x.id);
                    table.CheckConstraint("ck_ingestion_lease_one_row", "id = 1");
                });

            migrationBuilder.CreateTable(
                name: "ingestion_runs",
                columns: table => new
                {
                    run_id = table.Column<Guid>(type: "uuid", nullable: false),
                    ingestion_id = table.Column<Guid>(type: "uuid", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    trigger = table.Column<string>(type: "text", nullable: false),
                    upstreams = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    fencing_token = table.Column<long>(type: "bigint", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    pages = table.Column<int>(type: "integer", nullable: false),
                    records_read = table.Column<long>(type: "bigint", nullable: false),
                    inserted = table.Column<long>(type: "bigint", nullable: false),
                    updated = table.Column<long>(type: "bigint", nullable: false),
                    unchanged = table.Column<long>(type: "bigint", nullable: false),
                    duplicates = table.Column<long>(type: "bigint", nullable: false),
                    rejected = table.Column<long>(type: "bigint", nullable: false),
                    last_external_id = table.Column<string>(type: "text", nullable: true),
                    error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ingestion_runs", x => x.run_id);
                });

            migrationBuilder.CreateTable(
                name: "listings",
                columns: table => new
                {
                    listing_id = table.Column<Guid>(type: "uuid", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    external_id = table.Column<string>(type: "text", nullable: false),
                    asset_id = table.Column<Guid>(type: "uuid", nullable: false),
                    symbol = table.Column<string>(type: "text", nullable: false),
                    symbol_key = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    match_key = table.Column<string>(type: "text", nullable: true),
                    is_active = table.Column<bool>(type: "boolean", nullable: false),
                    rank = table.Column<int>(type: "integer", nullable: true),
                    price_usd = table.Column<double>(type: "double precision", nullable: true),
                    market_cap_usd = table.Column<double>(type: "double precision", nullable: true),
                    volume_24h_usd = table.Column<double>(type: "double precision", nullable: true),
                    circulating_supply = table.Column<double>(type: "double precision", nullable: true),
                    total_supply = table.Column<double>(type: "double precision", nullable: true),
                    max_supply = table.Column<double>(type: "double precision", nullable: true),
                    quoted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    profile_hash = table.Column<Guid>(type: "uuid", nullable: true),
                    quote_hash = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_listings", x => x.listing_id);
                });

            // EF Core has no notion of partitions. The loader adds each month's partition when the first row for it arrives.
            migrationBuilder.Sql("""
                CREATE TABLE quotes (
                    listing_id uuid NOT NULL,
                    quoted_at timestamp with time zone NOT NULL,
                    price_usd double precision,
                    market_cap_usd double precision,
                    volume_24h_usd double precision,
                    run_id uuid NOT NULL,
                    CONSTRAINT pk_quotes PRIMARY KEY (listing_id, quoted_at)
                ) PARTITION BY RANGE (quoted_at);

                CREATE TABLE raw_records (
                    listing_id uuid NOT NULL,
                    fetched_at timestamp with time zone NOT NULL,
                    stream text NOT NULL,
                    content_hash uuid NOT NULL,
                    run_id uuid NOT NULL,
                    payload jsonb NOT NULL,
                    CONSTRAINT pk_raw_records PRIMARY KEY (listing_id, fetched_at, stream)
                ) PARTITION BY RANGE (fetched_at);
                """);

            migrationBuilder.CreateTable(
                name: "rejected_records",
                columns: table => new
                {
                    source = table.Column<string>(type: "text", nullable: false),
                    stream = table.Column<string>(type: "text", nullable: false),
                    fingerprint = table.Column<Guid>(type: "uuid", nullable: false),
                    run_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: false),
                    external_id = table.Column<string>(type: "text", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: false),
                    detail = table.Column<string>(type: "text", nullable: false),
                    payload = table.Column<string>(type: "text", nullable: false),
                    rejected_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rejected_records", x => new { x.source, x.stream, x.fingerprint });
                });

            migrationBuilder.InsertData(
                table: "catalogue_counts",
                columns: new[] { "scope", "count" },
                values: new object[,]
                {
                    { "assets", 0L },
                    { "coingecko", 0L },
                    { "coinpaprika", 0L },
                    { "csv_source", 0L }
                });

            migrationBuilder.InsertData(
                table: "catalogue_state",
                columns: new[] { "id", "changed_at", "version" },
                values: new object[] { (short)1, new DateTimeOffset(new DateTime(1970, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), 0L });

            migrationBuilder.InsertData(
                table: "ingestion_lease",
                columns: new[] { "id", "acquired_at", "holder", "token" },
                values: new object[] { (short)1, null, null, 0L });

            migrationBuilder.CreateIndex(
                name: "ix_asset_redirects_merged_into",
                table: "asset_redirects",
                column: "merged_into");

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

            migrationBuilder.CreateIndex(
                name: "ix_ingestion_runs_source_started_at",
                table: "ingestion_runs",
                columns: new[] { "source", "started_at" },
                descending: new[] { false, true });

            migrationBuilder.CreateIndex(
                name: "ix_ingestion_runs_status",
                table: "ingestion_runs",
                column: "status",
                unique: true,
                filter: "status = 'running'");

            migrationBuilder.CreateIndex(
                name: "ix_listings_asset_id",
                table: "listings",
                column: "asset_id");

            migrationBuilder.CreateIndex(
                name: "ix_listings_match_key",
                table: "listings",
                column: "match_key",
                filter: "match_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_listings_source_external_id",
                table: "listings",
                columns: new[] { "source", "external_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_listings_source_market_cap_usd_asset_id",
                table: "listings",
                columns: new[] { "source", "market_cap_usd", "asset_id" },
                descending: new[] { false, true, false })
                .Annotation("Npgsql:IndexNullSortOrder", new[] { NullSortOrder.NullsLast, NullSortOrder.NullsLast, NullSortOrder.NullsLast });

            migrationBuilder.CreateIndex(
                name: "ix_listings_symbol_key_source",
                table: "listings",
                columns: new[] { "symbol_key", "source" });

            migrationBuilder.CreateIndex(
                name: "ix_rejected_records_run_id",
                table: "rejected_records",
                column: "run_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "asset_redirects");

            migrationBuilder.DropTable(
                name: "assets");

            migrationBuilder.DropTable(
                name: "catalogue_counts");

            migrationBuilder.DropTable(
                name: "catalogue_state");

            migrationBuilder.DropTable(
                name: "checkpoints");

            migrationBuilder.DropTable(
                name: "ingestion_lease");

            migrationBuilder.DropTable(
                name: "ingestion_runs");

            migrationBuilder.DropTable(
                name: "listings");

            migrationBuilder.DropTable(
                name: "quotes");

            migrationBuilder.DropTable(
                name: "raw_records");

            migrationBuilder.DropTable(
                name: "rejected_records");
        }
    }
}
