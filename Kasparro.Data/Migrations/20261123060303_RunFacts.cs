using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Kasparro.Data.Migrations
{
    /// <inheritdoc />
    public partial class RunFacts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "from_page",
                table: "ingestion_runs",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "levelled",
                table: "ingestion_runs",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<double>(
                name: "load_ms",
                table: "ingestion_runs",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "log_price_sum",
                table: "ingestion_runs",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<long>(
                name: "priced",
                table: "ingestion_runs",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "quoted",
                table: "ingestion_runs",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "to_page",
                table: "ingestion_runs",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "traded",
                table: "ingestion_runs",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "valued",
                table: "ingestion_runs",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "ingestion_orders",
                columns: table => new
                {
                    ingestion_id = table.Column<Guid>(type: "uuid", nullable: false),
                    source = table.Column<string>(type: "text", nullable: true),
                    ordered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    taken_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    is_waiting = table.Column<bool>(type: "boolean", nullable: false, computedColumnSql: "taken_at IS NULL", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ingestion_orders", x => x.ingestion_id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_ingestion_runs_ingestion_id",
                table: "ingestion_runs",
                column: "ingestion_id");

            migrationBuilder.CreateIndex(
                name: "ix_ingestion_orders_is_waiting",
                table: "ingestion_orders",
                column: "is_waiting",
                unique: true,
                filter: "is_waiting");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ingestion_orders");

            migrationBuilder.DropIndex(
                name: "ix_ingestion_runs_ingestion_id",
                table: "ingestion_runs");

            migrationBuilder.DropColumn(
                name: "from_page",
                table: "ingestion_runs");

            migrationBuilder.DropColumn(
                name: "levelled",
                table: "ingestion_runs");

            migrationBuilder.DropColumn(
                name: "load_ms",
                table: "ingestion_runs");

            migrationBuilder.DropColumn(
                name: "log_price_sum",
                table: "ingestion_runs");

            migrationBuilder.DropColumn(
                name: "priced",
                table: "ingestion_runs");

            migrationBuilder.DropColumn(
                name: "quoted",
                table: "ingestion_runs");

            migrationBuilder.DropColumn(
                name: "to_page",
                table: "ingestion_runs");

            migrationBuilder.DropColumn(
                name: "traded",
                table: "ingestion_runs");

            migrationBuilder.DropColumn(
                name: "valued",
                table: "ingestion_runs");
        }
    }
}
