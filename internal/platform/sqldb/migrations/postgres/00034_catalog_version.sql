-- +goose Up
-- Earlier versions are their owner's; the hub shows what everybody may see.
ALTER TABLE catalog_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE catalog_version FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON catalog_version USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
