-- +goose Up
-- Both parties see what they had with each other; only the hub itself writes.
ALTER TABLE metering_hour ENABLE ROW LEVEL SECURITY;
ALTER TABLE metering_hour FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON metering_hour USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
CREATE POLICY parties ON metering_hour FOR SELECT USING (simpul_covers(consumer_agency) OR simpul_covers(provider_agency));

ALTER TABLE metering_day ENABLE ROW LEVEL SECURITY;
ALTER TABLE metering_day FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON metering_day USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
CREATE POLICY parties ON metering_day FOR SELECT USING (simpul_covers(consumer_agency) OR simpul_covers(provider_agency));

ALTER TABLE metering_position ENABLE ROW LEVEL SECURITY;
ALTER TABLE metering_position FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON metering_position USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

ALTER TABLE metering_floor ENABLE ROW LEVEL SECURITY;
ALTER TABLE metering_floor FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON metering_floor USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
CREATE POLICY everyone ON metering_floor FOR SELECT USING (true);
