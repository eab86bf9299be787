-- +goose Up
-- Where a LID stands, everybody sees once it is published; drafts are their
-- agency's. What was done is written once: nobody changes or deletes it.
ALTER TABLE lifecycle_course ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_course FORCE ROW LEVEL SECURITY;
CREATE POLICY published ON lifecycle_course FOR SELECT USING (state <> 'draft');
CREATE POLICY tenant ON lifecycle_course USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));

ALTER TABLE lifecycle_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY published ON lifecycle_entry FOR SELECT USING (address IN (SELECT address FROM lifecycle_course WHERE state <> 'draft'));
CREATE POLICY reader ON lifecycle_entry FOR SELECT USING (simpul_covers(agency));
CREATE POLICY writer ON lifecycle_entry FOR INSERT WITH CHECK (simpul_covers(agency));
