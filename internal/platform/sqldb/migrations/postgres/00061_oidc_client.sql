-- +goose Up
ALTER TABLE oidc_client ENABLE ROW LEVEL SECURITY;
ALTER TABLE oidc_client FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON oidc_client USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
