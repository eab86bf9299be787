-- +goose Up
-- Only the hub itself takes a canary out. No policy for UPDATE: a fall is what was
-- measured.
ALTER TABLE provider_fall ENABLE ROW LEVEL SECURITY;
ALTER TABLE provider_fall FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON provider_fall FOR SELECT USING (simpul_covers(agency));
CREATE POLICY written ON provider_fall FOR INSERT WITH CHECK (simpul_scope() = '*');
CREATE POLICY removed ON provider_fall FOR DELETE USING (simpul_covers(agency));
