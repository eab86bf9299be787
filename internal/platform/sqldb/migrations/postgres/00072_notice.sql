-- +goose Up
ALTER TABLE notice_preference ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice_preference FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON notice_preference USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
ALTER TABLE notice_language ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice_language FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON notice_language USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
