-- +goose Up
-- The agency reads what it is asked and answers; only the hub takes questions in,
-- for people who have no tenant.
ALTER TABLE tracker_question ENABLE ROW LEVEL SECURITY;
ALTER TABLE tracker_question FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tracker_question FOR SELECT USING (simpul_covers(agency));
CREATE POLICY asked ON tracker_question FOR INSERT WITH CHECK (simpul_scope() = '*');
CREATE POLICY answered ON tracker_question FOR UPDATE USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));
CREATE POLICY dropped ON tracker_question FOR DELETE USING (simpul_scope() = '*');
