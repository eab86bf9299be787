-- +goose Up
ALTER TABLE agency_certificate ENABLE ROW LEVEL SECURITY;
ALTER TABLE agency_certificate FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON agency_certificate USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
