-- +goose Up
ALTER TABLE identity_invitation ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity_invitation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON identity_invitation USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
