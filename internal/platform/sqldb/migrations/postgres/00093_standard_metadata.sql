-- +goose Up
-- What the steward has approved, everybody sees; the rest is its agency's.
ALTER TABLE standard_metadata ENABLE ROW LEVEL SECURITY;
ALTER TABLE standard_metadata FORCE ROW LEVEL SECURITY;
CREATE POLICY published ON standard_metadata FOR SELECT USING (state = 'approved');
CREATE POLICY tenant ON standard_metadata USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
