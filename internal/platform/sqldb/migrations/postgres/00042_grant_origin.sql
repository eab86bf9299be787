-- +goose Up
-- The provider ends a grant; the consumer reads why.
ALTER TABLE grant_end ENABLE ROW LEVEL SECURITY;
ALTER TABLE grant_end FORCE ROW LEVEL SECURITY;
CREATE POLICY provider ON grant_end USING (simpul_covers(provider)) WITH CHECK (simpul_covers(provider));
CREATE POLICY consumer ON grant_end FOR SELECT USING (simpul_covers(consumer));
