-- +goose Up
-- Who the agencies are is public; what they run is theirs.
ALTER TABLE agency_agency ENABLE ROW LEVEL SECURITY;
ALTER TABLE agency_agency FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone ON agency_agency FOR SELECT USING (true);
CREATE POLICY tenant ON agency_agency USING (simpul_covers(id)) WITH CHECK (simpul_covers(id));

ALTER TABLE agency_application ENABLE ROW LEVEL SECURITY;
ALTER TABLE agency_application FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON agency_application USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));

ALTER TABLE agency_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE agency_key FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON agency_key USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
