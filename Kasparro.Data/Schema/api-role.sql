-- The role of the API: it reads everything, and adds ingestion orders and override changes. Roles belong to the server, not to the database,
-- so another database may have made it, perhaps at this moment. Grants are repeated: a restored dump need not have them.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kasparro_api') THEN
        CREATE ROLE kasparro_api NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN
    NULL; -- Made by another; or left out, which the caller looks for.
END $$;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kasparro_api') THEN
        GRANT USAGE ON SCHEMA public TO kasparro_api;
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO kasparro_api;
        GRANT INSERT ON identity_override_changes, ingestion_orders TO kasparro_api;
    END IF;
END $$;

SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kasparro_api');
