-- +goose Up
-- What was for everybody, everybody sees; drafts are their owner's. No policy
-- lets a row be altered or removed, and the role has not the right to either.
ALTER TABLE catalog_revision ENABLE ROW LEVEL SECURITY;
ALTER TABLE catalog_revision FORCE ROW LEVEL SECURITY;
CREATE POLICY live ON catalog_revision FOR SELECT USING (state IN ('published', 'deprecated'));
CREATE POLICY own ON catalog_revision FOR SELECT USING (simpul_covers(agency));
CREATE POLICY append ON catalog_revision FOR INSERT WITH CHECK (simpul_covers(agency));
REVOKE UPDATE, DELETE, TRUNCATE ON catalog_revision FROM simpul_app;
