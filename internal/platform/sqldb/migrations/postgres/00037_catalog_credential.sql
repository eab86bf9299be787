-- +goose Up
ALTER TABLE catalog_credential ENABLE ROW LEVEL SECURITY;
ALTER TABLE catalog_credential FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON catalog_credential USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
