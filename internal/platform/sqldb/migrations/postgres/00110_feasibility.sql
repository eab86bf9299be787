-- +goose Up
-- No policy for UPDATE or DELETE: nobody changes a report or takes a waiver back.
ALTER TABLE feasibility_report ENABLE ROW LEVEL SECURITY;
ALTER TABLE feasibility_report FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON feasibility_report FOR SELECT USING (simpul_covers(agency));
CREATE POLICY written ON feasibility_report FOR INSERT WITH CHECK (simpul_covers(agency));

ALTER TABLE feasibility_waiver ENABLE ROW LEVEL SECURITY;
ALTER TABLE feasibility_waiver FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON feasibility_waiver FOR SELECT USING (simpul_covers(agency));
CREATE POLICY written ON feasibility_waiver FOR INSERT WITH CHECK (simpul_scope() = '*');
