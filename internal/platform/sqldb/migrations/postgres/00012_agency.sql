-- +goose Up
-- An agency sees its standing; only the nation decides on it. An agency that
-- registers itself begins as admitted.
ALTER TABLE agency_standing ENABLE ROW LEVEL SECURITY;
ALTER TABLE agency_standing FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON agency_standing FOR SELECT USING (simpul_covers(agency));
CREATE POLICY beginner ON agency_standing FOR INSERT WITH CHECK (simpul_scope() = '*' OR simpul_covers(agency) AND standing = 'admitted');
CREATE POLICY nation ON agency_standing FOR UPDATE USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
CREATE POLICY remover ON agency_standing FOR DELETE USING (simpul_scope() = '*');

ALTER TABLE agency_allowlist ENABLE ROW LEVEL SECURITY;
ALTER TABLE agency_allowlist FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON agency_allowlist USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
