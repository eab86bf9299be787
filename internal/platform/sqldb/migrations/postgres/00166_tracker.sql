-- +goose Up
-- The hub's own. No policy for DELETE: what is erased stays erased.
ALTER TABLE tracker_erased ENABLE ROW LEVEL SECURITY;
ALTER TABLE tracker_erased FORCE ROW LEVEL SECURITY;
CREATE POLICY read ON tracker_erased FOR SELECT USING (simpul_scope() = '*');
CREATE POLICY written ON tracker_erased FOR INSERT WITH CHECK (simpul_scope() = '*');
