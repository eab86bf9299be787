-- +goose Up
-- There is no policy for DELETE: what was taken in an emergency stays on record.
ALTER TABLE identity_emergency ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity_emergency FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON identity_emergency FOR SELECT USING (simpul_covers(agency));
CREATE POLICY writer ON identity_emergency FOR INSERT WITH CHECK (simpul_covers(agency) AND (NOT national OR simpul_scope() = '*'));
CREATE POLICY ender ON identity_emergency FOR UPDATE USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
