-- +goose Up
-- An agency sees its own cases, the nation all. No policy for DELETE: a case is
-- closed and stays; and none for changing what somebody wrote.
ALTER TABLE incident_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE incident_case FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON incident_case FOR SELECT USING (simpul_covers(agency));
CREATE POLICY noted ON incident_case FOR INSERT WITH CHECK (simpul_covers(agency));
CREATE POLICY counted ON incident_case FOR UPDATE USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));

ALTER TABLE incident_note ENABLE ROW LEVEL SECURITY;
ALTER TABLE incident_note FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON incident_note FOR SELECT USING (simpul_covers(agency));
CREATE POLICY written ON incident_note FOR INSERT WITH CHECK (simpul_covers(agency));
