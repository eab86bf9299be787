-- +goose Up
-- Everybody may know the steps and the holidays; only the nation changes them.
ALTER TABLE lifecycle_model ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_model FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON lifecycle_model FOR SELECT USING (true);
CREATE POLICY nation ON lifecycle_model USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

ALTER TABLE lifecycle_year ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_year FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON lifecycle_year FOR SELECT USING (true);
CREATE POLICY nation ON lifecycle_year USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

ALTER TABLE lifecycle_seed ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_seed FORCE ROW LEVEL SECURITY;
CREATE POLICY nation ON lifecycle_seed USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
