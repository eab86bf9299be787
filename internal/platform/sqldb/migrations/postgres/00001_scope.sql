-- +goose Up
-- +goose StatementBegin
-- The role under which every statement of the hub runs. It owns nothing and
-- cannot bypass row-level security. Roles are shared by all databases of a
-- cluster, so it may exist already, or be in the making by a neighbour.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'simpul_app') THEN
        CREATE ROLE simpul_app NOLOGIN NOSUPERUSER NOBYPASSRLS;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
DO $$
BEGIN
    IF NOT pg_has_role(current_user, 'simpul_app', 'MEMBER') THEN
        EXECUTE format('GRANT simpul_app TO %I', current_user);
    END IF;
END $$;
-- +goose StatementEnd
GRANT USAGE ON SCHEMA public TO simpul_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO simpul_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO simpul_app;

-- Whom the present transaction acts for: '*' the nation, an agency's domain, or
-- '' the public. It is set per transaction by sqldb, and empty otherwise.
CREATE FUNCTION simpul_scope() RETURNS TEXT LANGUAGE sql STABLE
    RETURN COALESCE(current_setting('simpul.scope', true), '');
CREATE FUNCTION simpul_covers(agency TEXT) RETURNS BOOLEAN LANGUAGE sql STABLE
    RETURN simpul_scope() = '*' OR (agency <> '' AND simpul_scope() = agency);
