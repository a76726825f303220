-- EF Core has no notion of partitions. The loader adds each week's or day's partition before the first row of it.
CREATE TABLE quotes (
    listing_id uuid NOT NULL,
    quoted_at timestamp with time zone NOT NULL,
    price_usd double precision,
    market_cap_usd double precision,
    volume_24h_usd double precision,
    run_id uuid NOT NULL,
    CONSTRAINT pk_quotes PRIMARY KEY (listing_id, quoted_at)
) PARTITION BY RANGE (quoted_at);

-- A run's quotes, for candles and /compare-runs. Run ids rise with time, as rows do, so a range of blocks holds few runs: a few kilobytes a partition, and next to nothing a row.
CREATE INDEX ix_quotes_run_id ON quotes USING brin (run_id) WITH (autosummarize = on);

-- A page a row: many records compress to a fifth of what they take one by one.
CREATE TABLE raw_pages (
    fetched_at timestamp with time zone NOT NULL,
    source text NOT NULL,
    stream text NOT NULL,
    run_id uuid NOT NULL,
    records integer NOT NULL,
    listing_ids uuid[] NOT NULL,
    payload json NOT NULL
) PARTITION BY RANGE (fetched_at);

-- Ids do not compress.
ALTER TABLE raw_pages ALTER listing_ids SET STORAGE EXTERNAL;
CREATE INDEX ix_raw_pages_source_stream_fetched_at ON raw_pages (source, stream, fetched_at);
