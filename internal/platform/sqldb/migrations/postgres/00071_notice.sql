-- +goose Up
-- Everybody may post a letter. Those who may see what became of it are the
-- agency of its receiver and the hub; only the hub carries it.
ALTER TABLE notice_mail ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice_mail FORCE ROW LEVEL SECURITY;
CREATE POLICY sender ON notice_mail FOR INSERT WITH CHECK (simpul_scope() <> '');
CREATE POLICY reader ON notice_mail FOR SELECT USING (simpul_covers(agency));
CREATE POLICY courier ON notice_mail FOR UPDATE USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
CREATE POLICY keeper ON notice_mail FOR DELETE USING (simpul_covers(agency));
