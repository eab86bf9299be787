-- +goose Up
ALTER TABLE vault_proof ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault_proof FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON vault_proof USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
