-- +goose Up
-- What is published, everybody sees; drafts are their owner's.
ALTER TABLE standard_list ENABLE ROW LEVEL SECURITY;
ALTER TABLE standard_list FORCE ROW LEVEL SECURITY;
CREATE POLICY published ON standard_list FOR SELECT USING (state = 'published');
CREATE POLICY tenant ON standard_list USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));

ALTER TABLE standard_code ENABLE ROW LEVEL SECURITY;
ALTER TABLE standard_code FORCE ROW LEVEL SECURITY;
CREATE POLICY published ON standard_code FOR SELECT USING (list IN (SELECT id FROM standard_list WHERE state = 'published'));
CREATE POLICY tenant ON standard_code USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));

ALTER TABLE standard_succession ENABLE ROW LEVEL SECURITY;
ALTER TABLE standard_succession FORCE ROW LEVEL SECURITY;
CREATE POLICY published ON standard_succession FOR SELECT USING (list IN (SELECT id FROM standard_list WHERE state = 'published'));
CREATE POLICY tenant ON standard_succession USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));

ALTER TABLE standard_mapping ENABLE ROW LEVEL SECURITY;
ALTER TABLE standard_mapping FORCE ROW LEVEL SECURITY;
CREATE POLICY published ON standard_mapping FOR SELECT USING (list IN (SELECT id FROM standard_list WHERE state = 'published'));
CREATE POLICY tenant ON standard_mapping USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
