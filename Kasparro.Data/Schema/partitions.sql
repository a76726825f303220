-- EF Core does not support partitions. The loader creates the partition of a week or day before its first row is written.
CREATE TABLE quotes (
    listing_id uuid NOT NULL,
    quoted_at timestamp with time zone NOT NULL,
    price_usd double precision,
    market_cap_usd double precision,
    volume_24h_usd double precision,
    run_id uuid NOT NULL,
    CONSTRAINT pk_quotes PRIMARY KEY (listing_id, quoted_at)
) PARTITION BY RANGE (quoted_at);

-- Finds a run's quotes, for candles and /compare-runs. Run ids and rows are both in time order, so a block range holds few runs: the index
-- takes a few kilobytes per partition and next to nothing per row.
CREATE INDEX ix_quotes_run_id ON quotes USING brin (run_id) WITH (autosummarize = on);

-- One page per row: records that are compressed together take a fifth of the space that they take one by one.
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
