-- +goose Up
-- Keys are the hub's alone. No policy for DELETE: that there was a key stays known.
ALTER TABLE tracker_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE tracker_key FORCE ROW LEVEL SECURITY;
CREATE POLICY read ON tracker_key FOR SELECT USING (simpul_scope() = '*');
CREATE POLICY written ON tracker_key FOR INSERT WITH CHECK (simpul_scope() = '*');
CREATE POLICY destroyed ON tracker_key FOR UPDATE USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*' AND sealed = '');
