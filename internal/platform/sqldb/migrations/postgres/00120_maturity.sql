-- +goose Up
-- Everybody may know what is asked for; only the nation changes it.
ALTER TABLE maturity_model ENABLE ROW LEVEL SECURITY;
ALTER TABLE maturity_model FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON maturity_model FOR SELECT USING (true);
CREATE POLICY nation ON maturity_model USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
