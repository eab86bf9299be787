-- +goose Up
-- What the roles may do is no secret; only the nation's scope changes it.
ALTER TABLE identity_role ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity_role FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone ON identity_role FOR SELECT USING (true);
CREATE POLICY hub ON identity_role USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
