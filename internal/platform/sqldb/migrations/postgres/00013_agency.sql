-- +goose Up
ALTER TABLE agency_unit ENABLE ROW LEVEL SECURITY;
ALTER TABLE agency_unit FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON agency_unit USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
