-- The API's permissions: read everything, write only what its routes write. Every migrate command runs this script, so that new tables and
-- restored databases get them, too.
DO $$
DECLARE
    relation regclass;
BEGIN
    -- One migration at a time; the lock is released when the transaction ends.
    PERFORM pg_advisory_xact_lock(hashtext('kasparro_api'));
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kasparro_api') THEN
        BEGIN
            CREATE ROLE kasparro_api NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- Another database on this server was migrated at the same moment; roles belong to the server.
        END;
    END IF;

    GRANT USAGE ON SCHEMA public TO kasparro_api;

    -- Not the partitions: privileges on the partitioned table are enough, and retention may drop a partition at the same moment.
    FOR relation IN
        SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') AND NOT relispartition
    LOOP
        EXECUTE format('REVOKE ALL ON TABLE %s FROM kasparro_api', relation);
        EXECUTE format('GRANT SELECT ON TABLE %s TO kasparro_api', relation);
    END LOOP;
    GRANT INSERT ON TABLE ingestion_orders, backfills, identity_override_changes TO kasparro_api;
    GRANT UPDATE (cancelled_at) ON TABLE backfills TO kasparro_api;
END $$;
