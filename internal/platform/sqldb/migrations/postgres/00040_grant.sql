-- +goose Up
-- The provider decides; the consumer sees what it was given.
ALTER TABLE grant_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE grant_grant FORCE ROW LEVEL SECURITY;
CREATE POLICY provider ON grant_grant USING (simpul_covers(provider)) WITH CHECK (simpul_covers(provider));
CREATE POLICY consumer ON grant_grant FOR SELECT USING (simpul_covers(consumer));
