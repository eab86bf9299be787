-- +goose Up
-- No policy for UPDATE or DELETE: a decision to delay stays as it was taken.
ALTER TABLE tracker_delay ENABLE ROW LEVEL SECURITY;
ALTER TABLE tracker_delay FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tracker_delay FOR SELECT USING (simpul_covers(agency));
CREATE POLICY written ON tracker_delay FOR INSERT WITH CHECK (simpul_covers(agency));

ALTER TABLE tracker_policy ENABLE ROW LEVEL SECURITY;
ALTER TABLE tracker_policy FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone ON tracker_policy FOR SELECT USING (true);
CREATE POLICY hub ON tracker_policy FOR INSERT WITH CHECK (simpul_scope() = '*');
CREATE POLICY changed ON tracker_policy FOR UPDATE USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
