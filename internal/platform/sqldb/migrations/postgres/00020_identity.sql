-- +goose Up
-- A credential is looked up before anybody knows whom it stands for, so these
-- tables are the hub's own: only the nation's scope reaches them.
ALTER TABLE identity_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity_token FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON identity_token USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

ALTER TABLE identity_session ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity_session FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON identity_session USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
