-- +goose Up
-- A proposal stands in the tenant whose matter it is; one of the nation is the
-- nation's alone.
ALTER TABLE duty_proposal ENABLE ROW LEVEL SECURITY;
ALTER TABLE duty_proposal FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON duty_proposal USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
