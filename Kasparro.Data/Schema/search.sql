-- For trigrams of symbols and names. It is one of PostgreSQL's contrib modules and trusted, so that the database's owner may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- A separate table, not a column of assets: an index on that table would be rewritten with every price.
CREATE TABLE asset_search (asset_id uuid NOT NULL CONSTRAINT pk_asset_search PRIMARY KEY, search_text text NOT NULL);
CREATE INDEX ix_asset_search_search_text ON asset_search USING gin (search_text gin_trgm_ops);

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
        -- Otherwise every search would scan the index's pending list.
        PERFORM gin_clean_pending_list('ix_asset_search_search_text');

        -- Recorded although no asset changed: these records show whether the version of a client that follows the catalogue belongs to it.
        WITH state AS (UPDATE catalogue_state SET version = version + 1, changed_at = clock_timestamp() RETURNING version, changed_at)
        INSERT INTO catalogue_changes (version, changed_at, count, asset_ids) SELECT version, changed_at, 0, '{}' FROM state
        RETURNING version INTO moved;
    END IF;
    RETURN moved;
END $$;
