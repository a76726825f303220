-- What the API may do: read, and write what its routes write. Run by each migrate, so that new tables and restored databases have it, too.
DO $$
DECLARE
    relation regclass;
BEGIN
    -- One migrate at a time; the lock ends with the transaction.
    PERFORM pg_advisory_xact_lock(hashtext('kasparro_api'));
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kasparro_api') THEN
        BEGIN
            CREATE ROLE kasparro_api NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- Another database of this server was migrated at the same moment: roles are the server's.
        END;
    END IF;

    GRANT USAGE ON SCHEMA public TO kasparro_api;

    -- Not the partitions: a right on the table is one on its rows, and retention may drop a partition at this moment.
    FOR relation IN
        SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') AND NOT relispartition
    LOOP
        EXECUTE format('REVOKE ALL ON TABLE %s FROM kasparro_api', relation);
        EXECUTE format('GRANT SELECT ON TABLE %s TO kasparro_api', relation);
    END LOOP;
    GRANT INSERT ON TABLE ingestion_orders, backfills, identity_override_changes TO kasparro_api;
    GRANT UPDATE (cancelled_at) ON TABLE backfills TO kasparro_api;
END $$;
