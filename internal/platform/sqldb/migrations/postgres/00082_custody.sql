-- +goose Up
-- The hub's keys are the nation's matter.
ALTER TABLE custody_export ENABLE ROW LEVEL SECURITY;
ALTER TABLE custody_export FORCE ROW LEVEL SECURITY;
CREATE POLICY nation ON custody_export USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
