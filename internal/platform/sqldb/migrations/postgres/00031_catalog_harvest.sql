-- +goose Up
-- Everybody sees them; only the nation takes them in.
ALTER TABLE catalog_harvested ENABLE ROW LEVEL SECURITY;
ALTER TABLE catalog_harvested FORCE ROW LEVEL SECURITY;
CREATE POLICY public ON catalog_harvested FOR SELECT USING (true);
CREATE POLICY nation ON catalog_harvested USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
