-- +goose Up
-- Anybody's change may concern a person of another agency, so everybody may put
-- into an inbox; only the person's agency and the hub reach what is in it.
ALTER TABLE notice_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY sender ON notice_entry FOR INSERT WITH CHECK (simpul_scope() <> '');
CREATE POLICY reader ON notice_entry FOR SELECT USING (simpul_covers(agency));
CREATE POLICY marker ON notice_entry FOR UPDATE USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
CREATE POLICY keeper ON notice_entry FOR DELETE USING (simpul_covers(agency));

-- A key tells nothing of anybody.
ALTER TABLE notice_done ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice_done FORCE ROW LEVEL SECURITY;
CREATE POLICY actor ON notice_done FOR INSERT WITH CHECK (simpul_scope() <> '');
CREATE POLICY reader ON notice_done FOR SELECT USING (true);
CREATE POLICY keeper ON notice_done FOR DELETE USING (simpul_scope() = '*');
