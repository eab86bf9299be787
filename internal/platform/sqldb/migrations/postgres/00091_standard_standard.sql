-- +goose Up
-- What was approved, everybody sees, also when it was withdrawn later; drafts
-- and proposals are seen by their agency, and by the nation, which decides.
ALTER TABLE standard_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE standard_version FORCE ROW LEVEL SECURITY;
CREATE POLICY published ON standard_version FOR SELECT USING (state IN ('approved', 'withdrawn'));
CREATE POLICY tenant ON standard_version USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
