-- Hourly and daily (UTC) candles, so that quotes need not be kept. The worker builds candles from quotes at the end of each run; the
-- functions at the end of this file are for readers. docs/adr/0010-candles.md explains the layout.

-- How far back each level goes. Times are whole weeks or days, UTC. A level's older rows are dropped only once the next level has them.
CREATE TABLE candle_state (
    id integer NOT NULL CONSTRAINT pk_candle_state PRIMARY KEY CONSTRAINT ck_candle_state_one_row CHECK (id = 1),
    quotes_from timestamp with time zone NOT NULL, -- All quotes from here on are kept; older ones that arrive are merged, then deleted.
    hours_from timestamp with time zone NOT NULL,  -- All hours from here on are kept.
    days_until timestamp with time zone NOT NULL   -- Earlier days are in daily_candles, later ones only in hourly_candles.
);
INSERT INTO candle_state (id, quotes_from, hours_from, days_until) VALUES (1, '-infinity', '-infinity', '-infinity');

CREATE TABLE hourly_candles (
    listing_id uuid NOT NULL,
    hour timestamp with time zone NOT NULL,
    open double precision NOT NULL,
    high double precision NOT NULL,
    low double precision NOT NULL,
    close double precision NOT NULL,
    market_cap_usd double precision, -- From the last quote.
    volume_24h_usd double precision, -- From the last quote: 24-hour volumes do not add up.
    quotes integer NOT NULL,
    opened_ms integer NOT NULL,      -- When in the hour the first and last quotes were made; needed to merge late quotes.
    closed_ms integer NOT NULL,
    CONSTRAINT pk_hourly_candles PRIMARY KEY (listing_id, hour)
) PARTITION BY RANGE (hour);

-- For queries across all listings; rows arrive in time order.
CREATE INDEX ix_hourly_candles_hour ON hourly_candles USING brin (hour) WITH (autosummarize = on);

-- One row per listing and month, with one element per day, NULL if the day has no candle: with one row per day, row headers and index
-- entries would take more space than the candles themselves.
CREATE TABLE daily_candles (
    listing_id uuid NOT NULL,
    month date NOT NULL,
    open double precision[] NOT NULL,
    high double precision[] NOT NULL,
    low double precision[] NOT NULL,
    close double precision[] NOT NULL,
    market_cap_usd double precision[] NOT NULL,
    volume_24h_usd double precision[] NOT NULL,
    quotes integer[] NOT NULL,
    opened_minute smallint[] NOT NULL,
    closed_minute smallint[] NOT NULL,
    CONSTRAINT pk_daily_candles PRIMARY KEY (listing_id, month)
);

-- 31 days take 2 kB, so that four rows fit on a page: neither compressed nor moved to TOAST tables.
ALTER TABLE daily_candles
    ALTER open SET STORAGE PLAIN, ALTER high SET STORAGE PLAIN, ALTER low SET STORAGE PLAIN, ALTER close SET STORAGE PLAIN,
    ALTER market_cap_usd SET STORAGE PLAIN, ALTER volume_24h_usd SET STORAGE PLAIN, ALTER quotes SET STORAGE PLAIN,
    ALTER opened_minute SET STORAGE PLAIN, ALTER closed_minute SET STORAGE PLAIN;

-- For queries across all listings; there are few distinct values, so it takes a few bytes per row.
CREATE INDEX ix_daily_candles_month ON daily_candles (month);

-- The value, or NULL for NaN and infinity, which JSON cannot represent.
CREATE FUNCTION finite(value double precision) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN value > '-infinity' AND value < 'infinity' THEN value END
$$;

-- Builds the daily candles of listings from their hourly ones. Days whose hours are no longer kept are built from their quotes; if those
-- are no longer kept either, any quotes that are found arrived late and are merged into the candle: a quote at the time of the candle's
-- first or last quote corrects that quote, other quotes are added to the candle.
-- days are midnights, UTC. No two sessions may run this for the same listing and month at the same time.
-- Every call is replanned and prefers indexes: a plan made while a table was empty would scan the whole table for each part.
CREATE FUNCTION roll_up_days(listings uuid[], days timestamp with time zone[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
DECLARE
    state candle_state;
BEGIN
    SELECT * INTO STRICT state FROM candle_state;
    WITH touched AS MATERIALIZED (
        SELECT DISTINCT t.listing_id, t.day, date_trunc('month', t.day AT TIME ZONE 'UTC')::date AS month,
               date_part('day', t.day AT TIME ZONE 'UTC')::integer AS n
        FROM unnest(listings, days) AS t (listing_id, day)
    ), fresh AS (
        SELECT t.listing_id, t.month, t.n,
               CASE WHEN k.opened_minute < f.opened_minute THEN k.open ELSE f.opens[1] END AS open,
               CASE WHEN k.quotes > f.corrected THEN greatest(k.high, f.high) ELSE f.high END AS high,
               CASE WHEN k.quotes > f.corrected THEN least(k.low, f.low) ELSE f.low END AS low,
               CASE WHEN k.closed_minute > f.closed_minute THEN k.close ELSE f.closes[f.parts] END AS close,
               CASE WHEN k.closed_minute > f.closed_minute THEN k.market_cap_usd ELSE f.caps[f.parts] END AS market_cap_usd,
               CASE WHEN k.closed_minute > f.closed_minute THEN k.volume_24h_usd ELSE f.volumes[f.parts] END AS volume_24h_usd,
               f.quotes + coalesce(k.quotes - f.corrected, 0) AS quotes,
               least(k.opened_minute, f.opened_minute) AS opened_minute, greatest(k.closed_minute, f.closed_minute) AS closed_minute
        FROM touched AS t
        LEFT JOIN LATERAL (
            SELECT d.open[t.n], d.high[t.n], d.low[t.n], d.close[t.n], d.market_cap_usd[t.n], d.volume_24h_usd[t.n], d.quotes[t.n],
                   d.opened_minute[t.n], d.closed_minute[t.n]
            FROM daily_candles AS d
            WHERE t.day < state.hours_from AND t.day < state.quotes_from AND d.listing_id = t.listing_id AND d.month = t.month)
            AS k (open, high, low, close, market_cap_usd, volume_24h_usd, quotes, opened_minute, closed_minute) ON true
        CROSS JOIN LATERAL (
            SELECT array_agg(open) AS opens, max(high) AS high, min(low) AS low, array_agg(close) AS closes,
                   array_agg(market_cap_usd) AS caps, array_agg(volume_24h_usd) AS volumes, sum(quotes)::integer AS quotes,
                   min(opened_minute) AS opened_minute, max(closed_minute) AS closed_minute, count(*)::integer AS parts,
                   coalesce(bool_or(opened_minute = k.opened_minute)::integer, 0)
                   + coalesce(bool_or(opened_minute = k.closed_minute AND k.closed_minute > k.opened_minute)::integer, 0) AS corrected
            FROM (
                SELECT h.hour AS at, h.open, h.high, h.low, h.close, h.market_cap_usd, h.volume_24h_usd, h.quotes,
                       (date_part('epoch', h.hour - t.day) / 60 + h.opened_ms / 60000)::smallint AS opened_minute,
                       (date_part('epoch', h.hour - t.day) / 60 + h.closed_ms / 60000)::smallint AS closed_minute
                FROM hourly_candles AS h
                WHERE t.day >= state.hours_from
                  AND h.listing_id = t.listing_id AND h.hour >= t.day AND h.hour < t.day + interval '24 hours'
                UNION ALL
                SELECT q.quoted_at, q.price_usd, q.price_usd, q.price_usd, q.price_usd, finite(q.market_cap_usd), finite(q.volume_24h_usd),
                       1, floor(date_part('epoch', q.quoted_at - t.day) / 60)::smallint,
                       floor(date_part('epoch', q.quoted_at - t.day) / 60)::smallint
                FROM quotes AS q
                WHERE t.day < state.hours_from AND finite(q.price_usd) IS NOT NULL
                  AND q.listing_id = t.listing_id AND q.quoted_at >= t.day AND q.quoted_at < t.day + interval '24 hours'
                ORDER BY at) AS part) AS f
        WHERE f.quotes IS NOT NULL OR k.quotes IS NULL -- Late quotes without a valid price change nothing.
    ), months AS (
        SELECT listing_id, month, max(n) AS last, array_agg(n) AS n, array_agg(open) AS open, array_agg(high) AS high,
               array_agg(low) AS low, array_agg(close) AS close, array_agg(market_cap_usd) AS market_cap_usd,
               array_agg(volume_24h_usd) AS volume_24h_usd, array_agg(quotes) AS quotes, array_agg(opened_minute) AS opened_minute,
               array_agg(closed_minute) AS closed_minute, count(quotes) AS found
        FROM fresh GROUP BY listing_id, month
    )
    INSERT INTO daily_candles AS c (listing_id, month, open, high, low, close, market_cap_usd, volume_24h_usd, quotes, opened_minute,
                                    closed_minute)
    SELECT m.listing_id, m.month, a.*
    FROM months AS m LEFT JOIN daily_candles AS d ON d.listing_id = m.listing_id AND d.month = m.month
    CROSS JOIN LATERAL (
        SELECT array_agg(CASE WHEN i IS NULL THEN d.open[s] ELSE m.open[i] END),
               array_agg(CASE WHEN i IS NULL THEN d.high[s] ELSE m.high[i] END),
               array_agg(CASE WHEN i IS NULL THEN d.low[s] ELSE m.low[i] END),
               array_agg(CASE WHEN i IS NULL THEN d.close[s] ELSE m.close[i] END),
               array_agg(CASE WHEN i IS NULL THEN d.market_cap_usd[s] ELSE m.market_cap_usd[i] END),
               array_agg(CASE WHEN i IS NULL THEN d.volume_24h_usd[s] ELSE m.volume_24h_usd[i] END),
               array_agg(CASE WHEN i IS NULL THEN d.quotes[s] ELSE m.quotes[i] END),
               array_agg(CASE WHEN i IS NULL THEN d.opened_minute[s] ELSE m.opened_minute[i] END),
               array_agg(CASE WHEN i IS NULL THEN d.closed_minute[s] ELSE m.closed_minute[i] END)
        FROM (SELECT s, array_position(m.n, s) AS i FROM generate_series(1, greatest(m.last, cardinality(d.quotes))) AS s) AS slots) AS a
    WHERE m.found > 0 OR d.month IS NOT NULL
    ON CONFLICT (listing_id, month) DO UPDATE
    SET open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close, market_cap_usd = excluded.market_cap_usd,
        volume_24h_usd = excluded.volume_24h_usd, quotes = excluded.quotes, opened_minute = excluded.opened_minute,
        closed_minute = excluded.closed_minute;
END $$;

-- Builds candles from the quotes of listings. Each listing comes with a part of a day (whole hours, UTC) in which quotes arrived or were
-- corrected. It may be repeated: an hour is built from all of its quotes. If these are no longer kept, any quotes that are found arrived
-- late: they are merged into the existing candle, then deleted. Days that are over are built next. No two sessions may run this for the
-- same listing and month at the same time.
CREATE FUNCTION roll_up_candles(listings uuid[], firsts timestamp with time zone[], untils timestamp with time zone[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
DECLARE
    state candle_state;
BEGIN
    SELECT * INTO STRICT state FROM candle_state;
    WITH fresh AS MATERIALIZED (
        SELECT t.listing_id, h.*
        FROM unnest(listings, firsts, untils) AS t (listing_id, first, until)
        CROSS JOIN LATERAL (
            SELECT hour, array_agg(price_usd) FILTER (WHERE is_price) AS prices, array_agg(market_cap_usd) FILTER (WHERE is_price) AS caps,
                   array_agg(volume_24h_usd) FILTER (WHERE is_price) AS volumes, max(price_usd) FILTER (WHERE is_price) AS high,
                   min(price_usd) FILTER (WHERE is_price) AS low, (count(*) FILTER (WHERE is_price))::integer AS quotes,
                   min(quoted_at) FILTER (WHERE is_price) AS opened, max(quoted_at) FILTER (WHERE is_price) AS closed
            FROM (
                SELECT date_bin('1 hour', quoted_at, 'epoch') AS hour, quoted_at, price_usd, finite(market_cap_usd) AS market_cap_usd,
                       finite(volume_24h_usd) AS volume_24h_usd, finite(price_usd) IS NOT NULL AS is_price
                FROM quotes WHERE listing_id = t.listing_id AND quoted_at >= t.first AND quoted_at < t.until
                ORDER BY 1, 2) AS q
            GROUP BY hour) AS h
        WHERE t.first >= state.quotes_from AND t.first >= state.hours_from
    ), gone AS (
        DELETE FROM hourly_candles AS h USING fresh AS f WHERE f.quotes = 0 AND h.listing_id = f.listing_id AND h.hour = f.hour
    )
    INSERT INTO hourly_candles AS h (listing_id, hour, open, high, low, close, market_cap_usd, volume_24h_usd, quotes, opened_ms, closed_ms)
    SELECT listing_id, hour, prices[1], high, low, prices[quotes], caps[quotes], volumes[quotes], quotes,
           floor(date_part('epoch', opened - hour) * 1000)::integer, floor(date_part('epoch', closed - hour) * 1000)::integer
    FROM fresh WHERE quotes > 0
    ON CONFLICT (listing_id, hour) DO UPDATE
    SET open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close, market_cap_usd = excluded.market_cap_usd,
        volume_24h_usd = excluded.volume_24h_usd, quotes = excluded.quotes, opened_ms = excluded.opened_ms, closed_ms = excluded.closed_ms
    WHERE (h.open, h.high, h.low, h.close, h.market_cap_usd, h.volume_24h_usd, h.quotes, h.opened_ms, h.closed_ms)
          IS DISTINCT FROM (excluded.open, excluded.high, excluded.low, excluded.close, excluded.market_cap_usd, excluded.volume_24h_usd,
                            excluded.quotes, excluded.opened_ms, excluded.closed_ms);

    IF EXISTS (SELECT FROM unnest(firsts) AS first WHERE first >= state.hours_from AND first < state.quotes_from) THEN
        WITH late AS MATERIALIZED (
            SELECT q.listing_id, h.hour, q.quoted_at, q.price_usd, finite(q.market_cap_usd) AS market_cap_usd,
                   finite(q.volume_24h_usd) AS volume_24h_usd, floor(date_part('epoch', q.quoted_at - h.hour) * 1000)::integer AS ms
            FROM unnest(listings, firsts, untils) AS t (listing_id, first, until)
            JOIN quotes AS q ON q.listing_id = t.listing_id AND q.quoted_at >= t.first AND q.quoted_at < t.until
            CROSS JOIN LATERAL (SELECT date_bin('1 hour', q.quoted_at, 'epoch')) AS h (hour)
            WHERE t.first >= state.hours_from AND t.first < state.quotes_from AND finite(q.price_usd) IS NOT NULL
        ), merged AS (
            SELECT l.listing_id, l.hour, array_agg(l.price_usd ORDER BY l.quoted_at) AS prices,
                   array_agg(l.market_cap_usd ORDER BY l.quoted_at) AS caps, array_agg(l.volume_24h_usd ORDER BY l.quoted_at) AS volumes,
                   max(l.price_usd) AS high, min(l.price_usd) AS low, count(*)::integer AS quotes, min(l.ms) AS opened_ms,
                   max(l.ms) AS closed_ms, coalesce(bool_or(l.ms = h.opened_ms)::integer, 0)
                   + coalesce(bool_or(l.ms = h.closed_ms AND h.closed_ms > h.opened_ms)::integer, 0) AS corrected
            FROM late AS l LEFT JOIN hourly_candles AS h ON h.listing_id = l.listing_id AND h.hour = l.hour
            GROUP BY 1, 2
        )
        INSERT INTO hourly_candles AS c (listing_id, hour, open, high, low, close, market_cap_usd, volume_24h_usd, quotes, opened_ms,
                                         closed_ms)
        SELECT m.listing_id, m.hour, CASE WHEN h.opened_ms < m.opened_ms THEN h.open ELSE m.prices[1] END,
               CASE WHEN h.quotes > m.corrected THEN greatest(h.high, m.high) ELSE m.high END,
               CASE WHEN h.quotes > m.corrected THEN least(h.low, m.low) ELSE m.low END,
               CASE WHEN h.closed_ms > m.closed_ms THEN h.close ELSE m.prices[m.quotes] END,
               CASE WHEN h.closed_ms > m.closed_ms THEN h.market_cap_usd ELSE m.caps[m.quotes] END,
               CASE WHEN h.closed_ms > m.closed_ms THEN h.volume_24h_usd ELSE m.volumes[m.quotes] END,
               m.quotes + coalesce(h.quotes - m.corrected, 0), least(h.opened_ms, m.opened_ms), greatest(h.closed_ms, m.closed_ms)
        FROM merged AS m LEFT JOIN hourly_candles AS h ON h.listing_id = m.listing_id AND h.hour = m.hour
        ON CONFLICT (listing_id, hour) DO UPDATE
        SET open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
            market_cap_usd = excluded.market_cap_usd, volume_24h_usd = excluded.volume_24h_usd, quotes = excluded.quotes,
            opened_ms = excluded.opened_ms, closed_ms = excluded.closed_ms;
    END IF;

    PERFORM roll_up_days(array_agg(t.listing_id), array_agg(date_trunc('day', t.first, 'UTC')))
    FROM unnest(listings, firsts) AS t (listing_id, first) WHERE t.first < state.days_until HAVING count(*) > 0;

    IF EXISTS (SELECT FROM unnest(firsts) AS first WHERE first < state.quotes_from) THEN
        -- If hours are no longer kept, the whole day was merged.
        DELETE FROM quotes AS q USING (
            SELECT listing_id, first, until FROM unnest(listings, firsts, untils) AS t (listing_id, first, until)
            WHERE first < state.quotes_from AND first >= state.hours_from
            UNION ALL
            SELECT listing_id, date_trunc('day', first, 'UTC'), date_trunc('day', first, 'UTC') + interval '24 hours'
            FROM unnest(listings, firsts) AS t (listing_id, first)
            WHERE first < state.quotes_from AND first < state.hours_from) AS t
        WHERE q.listing_id = t.listing_id AND q.quoted_at >= t.first AND q.quoted_at < t.until;
    END IF;
END $$;

-- The hourly candles of listings (NULL: all listings) from a time, inclusive, to another, exclusive. Past their retention only days remain.
CREATE FUNCTION hourly_candles_between(listings uuid[], first timestamp with time zone, until timestamp with time zone)
RETURNS TABLE (listing_id uuid, begins timestamp with time zone, open double precision, high double precision, low double precision,
               close double precision, market_cap_usd double precision, volume_24h_usd double precision, quotes integer)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000 AS $$
    SELECT h.listing_id, h.hour, h.open, h.high, h.low, h.close, h.market_cap_usd, h.volume_24h_usd, h.quotes
    FROM hourly_candles AS h
    WHERE (listings IS NULL OR h.listing_id = ANY (listings)) AND h.hour >= first AND h.hour < until
$$;

-- The days of listings (NULL: all listings) that daily_candles does not have yet, such as today, built from their hours so far.
-- days_until is read first, so that only the partitions that can have these days are planned for.
CREATE FUNCTION open_days_between(listings uuid[], first date, until date)
RETURNS TABLE (listing_id uuid, begins timestamp with time zone, open double precision, high double precision, low double precision,
               close double precision, market_cap_usd double precision, volume_24h_usd double precision, quotes integer)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1000 AS $$
#variable_conflict use_column
DECLARE
    opens timestamp with time zone;
    closes timestamp with time zone := until::timestamp AT TIME ZONE 'UTC';
BEGIN
    SELECT greatest(first::timestamp AT TIME ZONE 'UTC', s.days_until) INTO STRICT opens FROM candle_state AS s;
    IF opens >= closes THEN
        RETURN;
    END IF;

    RETURN QUERY
    SELECT h.listing_id, date_trunc('day', h.hour, 'UTC'), (array_agg(h.open ORDER BY h.hour))[1], max(h.high), min(h.low),
           (array_agg(h.close ORDER BY h.hour))[count(*)], (array_agg(h.market_cap_usd ORDER BY h.hour))[count(*)],
           (array_agg(h.volume_24h_usd ORDER BY h.hour))[count(*)], sum(h.quotes)::integer
    FROM hourly_candles AS h
    WHERE (listings IS NULL OR h.listing_id = ANY (listings)) AND h.hour >= opens AND h.hour < closes
    GROUP BY 1, 2;
END $$;

-- The daily candles of listings (NULL: all listings) from a day, inclusive, to another, exclusive; today's is built from its hours so far.
CREATE FUNCTION daily_candles_between(listings uuid[], first date, until date)
RETURNS TABLE (listing_id uuid, begins timestamp with time zone, open double precision, high double precision, low double precision,
               close double precision, market_cap_usd double precision, volume_24h_usd double precision, quotes integer)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000 AS $$
    SELECT d.listing_id, (d.month + n - 1)::timestamp AT TIME ZONE 'UTC', d.open[n], d.high[n], d.low[n], d.close[n], d.market_cap_usd[n],
           d.volume_24h_usd[n], d.quotes[n]
    FROM daily_candles AS d
    CROSS JOIN LATERAL generate_series(greatest(first - d.month + 1, 1), least(until - d.month, cardinality(d.quotes))) AS n
    WHERE (listings IS NULL OR d.listing_id = ANY (listings))
      AND d.month >= date_trunc('month', first::timestamp)::date AND d.month < until AND d.quotes[n] IS NOT NULL
    UNION ALL
    SELECT * FROM open_days_between(listings, first, until)
$$;
