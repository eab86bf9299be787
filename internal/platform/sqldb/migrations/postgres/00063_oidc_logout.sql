-- +goose Up
ALTER TABLE oidc_logout ENABLE ROW LEVEL SECURITY;
ALTER TABLE oidc_logout FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON oidc_logout USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
