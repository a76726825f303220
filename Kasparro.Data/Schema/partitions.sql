-- EF Core has no notion of partitions. The loader adds each month's partition before the first row of that month.
CREATE TABLE quotes (
    listing_id uuid NOT NULL,
    quoted_at timestamp with time zone NOT NULL,
    price_usd double precision,
    market_cap_usd double precision,
    volume_24h_usd double precision,
    run_id uuid NOT NULL,
    CONSTRAINT pk_quotes PRIMARY KEY (listing_id, quoted_at)
) PARTITION BY RANGE (quoted_at);

-- A run's quotes, for /compare-runs. Run ids rise with time, as rows do, so a range of blocks holds few runs: a few kilobytes a partition, and next to nothing a row.
CREATE INDEX ix_quotes_run_id ON quotes USING brin (run_id) WITH (autosummarize = on);

CREATE TABLE raw_records (
    listing_id uuid NOT NULL,
    fetched_at timestamp with time zone NOT NULL,
    stream text NOT NULL,
    content_hash uuid NOT NULL,
    run_id uuid NOT NULL,
    payload jsonb NOT NULL,
    CONSTRAINT pk_raw_records PRIMARY KEY (listing_id, fetched_at, stream)
) PARTITION BY RANGE (fetched_at);
