-- +goose Up
-- Everybody may know how long things are kept; only the nation changes it.
ALTER TABLE retention_rule ENABLE ROW LEVEL SECURITY;
ALTER TABLE retention_rule FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON retention_rule FOR SELECT USING (true);
CREATE POLICY nation ON retention_rule USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

ALTER TABLE retention_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE retention_run FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON retention_run FOR SELECT USING (true);
CREATE POLICY nation ON retention_run USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
