-- +goose Up
-- Whom the gateway believes is the nation's matter.
ALTER TABLE issuer_issuer ENABLE ROW LEVEL SECURITY;
ALTER TABLE issuer_issuer FORCE ROW LEVEL SECURITY;
CREATE POLICY nation ON issuer_issuer USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

-- An agency sees which clients are its applications, and takes them with it when
-- it deletes one.
ALTER TABLE issuer_client ENABLE ROW LEVEL SECURITY;
ALTER TABLE issuer_client FORCE ROW LEVEL SECURITY;
CREATE POLICY reader ON issuer_client FOR SELECT USING (simpul_covers(agency));
CREATE POLICY remover ON issuer_client FOR DELETE USING (simpul_covers(agency));
CREATE POLICY nation ON issuer_client USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

ALTER TABLE issuer_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE issuer_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY nation ON issuer_keys USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

ALTER TABLE issuer_revocation ENABLE ROW LEVEL SECURITY;
ALTER TABLE issuer_revocation FORCE ROW LEVEL SECURITY;
CREATE POLICY nation ON issuer_revocation USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
