-- +goose Up
-- What is published, everybody sees; drafts are their owner's.
ALTER TABLE catalog_lid ENABLE ROW LEVEL SECURITY;
ALTER TABLE catalog_lid FORCE ROW LEVEL SECURITY;
CREATE POLICY published ON catalog_lid FOR SELECT USING (state = 'published');
CREATE POLICY tenant ON catalog_lid USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));

ALTER TABLE catalog_address ENABLE ROW LEVEL SECURITY;
ALTER TABLE catalog_address FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON catalog_address USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
