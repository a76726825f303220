using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace Kasparro.Data.Migrations
{
    /// <inheritdoc />
    public partial class InitialCreate : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(Schema.SchemaSql.Partitions);
            migrationBuilder.Sql(Schema.SchemaSql.Candles);
            migrationBuilder.Sql(Schema.SchemaSql.Search);

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
                name: "backfills",
                columns: table => new
                {
                    backfill_id = table.Column<Guid>(type: "uuid", nullable: false),
                    origin = table.Column<string>(type: "text", nullable: false),
                    asset_ids = table.Column<Guid[]>(type: "uuid[]", nullable: true),
                    source = table.Column<string>(type: "text", nullable: true),
                    top = table.Column<int>(type: "integer", nullable: true),
                    starts_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ordered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    trace_parent = table.Column<string>(type: "character varying(55)", maxLength: 55, nullable: true),
                    planned_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    cancelled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_backfills", x => x.backfill_id);
                });

            migrationBuilder.CreateTable(
                name: "catalogue_changes",
                columns: table => new
                {
                    version = table.Column<long>(type: "bigint", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    count = table.Column<int>(type: "integer", nullable: false),
                    asset_ids = table.Column<Guid[]>(type: "uuid[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_catalogue_changes", x => x.version);
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
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    cursor_key = table.Column<byte[]>(type: "bytea", nullable: false, defaultValueSql: "uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())")
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
                name: "exchange_rates",
                columns: table => new
                {
                    quoted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    per_bitcoin = table.Column<double>(type: "double precision", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_exchange_rates", x => new { x.quoted_at, x.currency });
                    table.CheckConstraint("ck_exchange_rates_positive", "per_bitcoin > 0 AND per_bitcoin < 'infinity'");
                });

            migrationBuilder.CreateTable(
                name: "external_ids",
                columns: table => new
                {
                    vocabulary = table.Column<string>(type: "text", nullable: false),
                    value = table.Column<string>(type: "text", nullable: false),
                    listing_id = table.Column<Guid>(type: "uuid", nullable: false),
                    file_name = table.Column<string>(type: "text", nullable: false),
                    line = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_external_ids", x => new { x.vocabulary, x.value, x.listing_id });
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
                name: "identity_overrides",
                columns: table => new
                {
                    listing_id = table.Column<Guid>(type: "uuid", nullable: false),
                    other_id = table.Column<Guid>(type: "uuid", nullable: false),
                    is_same = table.Column<bool>(type: "boolean", nullable: false),
                    origin = table.Column<string>(type: "text", nullable: false, defaultValue: "file")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_identity_overrides", x => new { x.listing_id, x.other_id });
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
                name: "ingestion_orders",
                columns: table => new
                {
                    ingestion_id = table.Column<Guid>(type: "uuid", nullable: false),
                    source = table.Column<string>(type: "text", nullable: true),
                    ordered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    trace_parent = table.Column<string>(type: "character varying(55)", maxLength: 55, nullable: true),
                    taken_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    is_waiting = table.Column<bool>(type: "boolean", nullable: false, computedColumnSql: "taken_at IS NULL", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ingestion_orders", x => x.ingestion_id);
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
                    quoted = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    priced = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    with_market_cap = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    with_volume = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    positive_prices = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    log_price_sum = table.Column<double>(type: "double precision", nullable: false, defaultValue: 0.0),
                    from_page = table.Column<int>(type: "integer", nullable: true),
                    to_page = table.Column<int>(type: "integer", nullable: true),
                    load_ms = table.Column<double>(type: "double precision", nullable: true),
                    upstream_calls = table.Column<int>(type: "integer", nullable: true),
                    quotes_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    quotes_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    rolled_up_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
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
                    slug_key = table.Column<string>(type: "text", nullable: true),
                    name_key = table.Column<string>(type: "text", nullable: true),
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
                    profile_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    quote_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    profile_misses = table.Column<short>(type: "smallint", nullable: false),
                    quote_misses = table.Column<short>(type: "smallint", nullable: false),
                    delisted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_listings", x => x.listing_id);
                });

            migrationBuilder.CreateTable(
                name: "logos",
                columns: table => new
                {
                    listing_id = table.Column<Guid>(type: "uuid", nullable: false),
                    url = table.Column<string>(type: "text", nullable: false),
                    content_type = table.Column<string>(type: "text", nullable: true),
                    content = table.Column<byte[]>(type: "bytea", nullable: true),
                    fetched_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    failure = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_logos", x => x.listing_id);
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

            migrationBuilder.CreateTable(
                name: "reference_file_errors",
                columns: table => new
                {
                    kind = table.Column<string>(type: "text", nullable: false),
                    file_name = table.Column<string>(type: "text", nullable: false),
                    line = table.Column<long>(type: "bigint", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    detail = table.Column<string>(type: "text", nullable: false),
                    payload = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reference_file_errors", x => new { x.kind, x.file_name, x.line });
                });

            migrationBuilder.CreateTable(
                name: "reference_files",
                columns: table => new
                {
                    file_name = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    vocabulary = table.Column<string>(type: "text", nullable: true),
                    content_hash = table.Column<Guid>(type: "uuid", nullable: false),
                    row_count = table.Column<int>(type: "integer", nullable: false),
                    rejected_count = table.Column<int>(type: "integer", nullable: false),
                    unknown_count = table.Column<int>(type: "integer", nullable: false),
                    loaded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reference_files", x => new { x.kind, x.file_name });
                });

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

            migrationBuilder.CreateTable(
                name: "schema_drifts",
                columns: table => new
                {
                    run_id = table.Column<Guid>(type: "uuid", nullable: false),
                    stream = table.Column<string>(type: "text", nullable: false),
                    path = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    expected = table.Column<string>(type: "text", nullable: true),
                    found = table.Column<string>(type: "text", nullable: true),
                    renamed_to = table.Column<string>(type: "text", nullable: true),
                    confidence = table.Column<double>(type: "double precision", nullable: true),
                    occurrences = table.Column<long>(type: "bigint", nullable: false),
                    example = table.Column<string>(type: "text", nullable: true),
                    policy = table.Column<string>(type: "text", nullable: false),
                    detected_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_schema_drifts", x => new { x.run_id, x.stream, x.path, x.kind });
                });

            migrationBuilder.CreateTable(
                name: "token_decimals",
                columns: table => new
                {
                    platform = table.Column<string>(type: "text", nullable: false),
                    address = table.Column<string>(type: "text", nullable: false),
                    file_name = table.Column<string>(type: "text", nullable: false),
                    decimals = table.Column<short>(type: "smallint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_token_decimals", x => new { x.platform, x.address, x.file_name });
                });

            migrationBuilder.CreateTable(
                name: "token_lists",
                columns: table => new
                {
                    chain_id = table.Column<long>(type: "bigint", nullable: false),
                    platform = table.Column<string>(type: "text", nullable: false),
                    major = table.Column<int>(type: "integer", nullable: false),
                    minor = table.Column<int>(type: "integer", nullable: false),
                    patch = table.Column<int>(type: "integer", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    token_count = table.Column<int>(type: "integer", nullable: false),
                    without_decimals = table.Column<int>(type: "integer", nullable: false),
                    unfit = table.Column<int>(type: "integer", nullable: false),
                    body = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_token_lists", x => x.chain_id);
                });

            migrationBuilder.CreateTable(
                name: "upstream_platforms",
                columns: table => new
                {
                    source = table.Column<string>(type: "text", nullable: false),
                    platform_id = table.Column<string>(type: "text", nullable: false),
                    platform = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: true),
                    chain_id = table.Column<long>(type: "bigint", nullable: true),
                    native_coin = table.Column<string>(type: "text", nullable: true),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_upstream_platforms", x => new { x.source, x.platform_id });
                });

            migrationBuilder.CreateTable(
                name: "upstream_quotas",
                columns: table => new
                {
                    source = table.Column<string>(type: "text", nullable: false),
                    month = table.Column<DateOnly>(type: "date", nullable: false),
                    calls = table.Column<int>(type: "integer", nullable: false),
                    call_limit = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_upstream_quotas", x => new { x.source, x.month });
                });

            migrationBuilder.CreateTable(
                name: "backfill_windows",
                columns: table => new
                {
                    backfill_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    listing_id = table.Column<Guid>(type: "uuid", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    external_id = table.Column<string>(type: "text", nullable: false),
                    starts_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false, defaultValue: 0),
                    closed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    run_id = table.Column<Guid>(type: "uuid", nullable: true),
                    points = table.Column<int>(type: "integer", nullable: false, defaultValue: 0),
                    written = table.Column<int>(type: "integer", nullable: false, defaultValue: 0),
                    dropped = table.Column<int>(type: "integer", nullable: false, defaultValue: 0),
                    error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_backfill_windows", x => new { x.backfill_id, x.position });
                    table.ForeignKey(
                        name: "fk_backfill_windows_backfills_backfill_id",
                        column: x => x.backfill_id,
                        principalTable: "backfills",
                        principalColumn: "backfill_id",
                        onDelete: ReferentialAction.Cascade);
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
                name: "ix_asset_platforms_address_platform",
                table: "asset_platforms",
                columns: new[] { "address", "platform" });

            migrationBuilder.CreateIndex(
                name: "ix_asset_redirects_merged_into",
                table: "asset_redirects",
                column: "merged_into");

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
                name: "ix_backfills_origin",
                table: "backfills",
                column: "origin",
                unique: true,
                filter: "origin = 'first_start'");

            migrationBuilder.CreateIndex(
                name: "ix_backfills_source_starts_at",
                table: "backfills",
                columns: new[] { "source", "starts_at" },
                unique: true,
                filter: "origin = 'gap'");

            migrationBuilder.CreateIndex(
                name: "ix_external_ids_file_name",
                table: "external_ids",
                column: "file_name");

            migrationBuilder.CreateIndex(
                name: "ix_external_ids_listing_id",
                table: "external_ids",
                column: "listing_id");

            migrationBuilder.CreateIndex(
                name: "ix_identity_decisions_confidence_listing_id_other_id",
                table: "identity_decisions",
                columns: new[] { "confidence", "listing_id", "other_id" },
                descending: new[] { true, false, false },
                filter: "reason IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_identity_decisions_other_id",
                table: "identity_decisions",
                column: "other_id");

            migrationBuilder.CreateIndex(
                name: "ix_identity_override_changes_listing_id_other_id_change_id",
                table: "identity_override_changes",
                columns: new[] { "listing_id", "other_id", "change_id" },
                descending: new[] { false, false, true });

            migrationBuilder.CreateIndex(
                name: "ix_ingestion_orders_is_waiting",
                table: "ingestion_orders",
                column: "is_waiting",
                unique: true,
                filter: "is_waiting");

            migrationBuilder.CreateIndex(
                name: "ix_ingestion_runs_ingestion_id",
                table: "ingestion_runs",
                column: "ingestion_id");

            migrationBuilder.CreateIndex(
                name: "ix_ingestion_runs_source_fencing_token",
                table: "ingestion_runs",
                columns: new[] { "source", "fencing_token" },
                descending: new[] { false, true });

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
                name: "ix_ingestion_runs_to_roll_up",
                table: "ingestion_runs",
                column: "quotes_from",
                filter: "rolled_up_at IS NULL AND quotes_from IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_listings_asset_id",
                table: "listings",
                column: "asset_id");

            migrationBuilder.CreateIndex(
                name: "ix_listings_match_key_source",
                table: "listings",
                columns: new[] { "match_key", "source" },
                filter: "match_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_listings_name_key_source",
                table: "listings",
                columns: new[] { "name_key", "source" },
                filter: "name_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_listings_slug_key_source",
                table: "listings",
                columns: new[] { "slug_key", "source" },
                filter: "slug_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_listings_source_external_id",
                table: "listings",
                columns: new[] { "source", "external_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_listings_source_market_cap_usd_asset_id_listing_id",
                table: "listings",
                columns: new[] { "source", "market_cap_usd", "asset_id", "listing_id" },
                descending: new[] { false, true, false, false })
                .Annotation("Npgsql:IndexNullSortOrder", new[] { NullSortOrder.NullsLast, NullSortOrder.NullsLast, NullSortOrder.NullsLast, NullSortOrder.NullsLast });

            migrationBuilder.CreateIndex(
                name: "ix_listings_symbol_key_source",
                table: "listings",
                columns: new[] { "symbol_key", "source" });

            migrationBuilder.CreateIndex(
                name: "ix_logos_due_at",
                table: "logos",
                column: "due_at",
                filter: "due_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_price_comparisons_other_id",
                table: "price_comparisons",
                column: "other_id");

            migrationBuilder.CreateIndex(
                name: "ix_rejected_records_run_id",
                table: "rejected_records",
                column: "run_id");

            migrationBuilder.CreateIndex(
                name: "ix_schema_drifts_source_detected_at",
                table: "schema_drifts",
                columns: new[] { "source", "detected_at" },
                descending: new[] { false, true });

            migrationBuilder.CreateIndex(
                name: "ix_token_decimals_file_name",
                table: "token_decimals",
                column: "file_name");

            migrationBuilder.CreateIndex(
                name: "ix_token_lists_platform",
                table: "token_lists",
                column: "platform",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_upstream_platforms_chain_id",
                table: "upstream_platforms",
                column: "chain_id");
        }

    }
}
