-- +goose Up
-- Both parties see what they had with each other; only the hub itself writes.
ALTER TABLE tracker_access ENABLE ROW LEVEL SECURITY;
ALTER TABLE tracker_access FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON tracker_access USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
CREATE POLICY parties ON tracker_access FOR SELECT USING (simpul_covers(consumer_agency) OR simpul_covers(provider_agency));

ALTER TABLE tracker_position ENABLE ROW LEVEL SECURITY;
ALTER TABLE tracker_position FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON tracker_position USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

ALTER TABLE tracker_floor ENABLE ROW LEVEL SECURITY;
ALTER TABLE tracker_floor FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON tracker_floor USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
