-- +goose Up
-- The provider of a LID sees all of it, a consumer what its own requests did;
-- only the hub itself writes.
ALTER TABLE violation_count ENABLE ROW LEVEL SECURITY;
ALTER TABLE violation_count FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON violation_count USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
CREATE POLICY provider ON violation_count FOR SELECT USING (simpul_covers(provider_agency));
CREATE POLICY consumer ON violation_count FOR SELECT USING (simpul_covers(consumer_agency) AND direction = 'request');

ALTER TABLE violation_sample ENABLE ROW LEVEL SECURITY;
ALTER TABLE violation_sample FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON violation_sample USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
CREATE POLICY provider ON violation_sample FOR SELECT USING (simpul_covers(provider_agency));
CREATE POLICY consumer ON violation_sample FOR SELECT USING (simpul_covers(consumer_agency) AND direction = 'request');
