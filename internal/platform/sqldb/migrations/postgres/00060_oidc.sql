-- +goose Up
-- Signing keys, used assertions and revoked tokens are the hub's own: only the
-- nation's scope reaches them. Client keys belong to their agency.
ALTER TABLE oidc_signing_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE oidc_signing_key FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON oidc_signing_key USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

ALTER TABLE oidc_client_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE oidc_client_key FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON oidc_client_key USING (simpul_covers(agency)) WITH CHECK (simpul_covers(agency));

ALTER TABLE oidc_assertion ENABLE ROW LEVEL SECURITY;
ALTER TABLE oidc_assertion FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON oidc_assertion USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

ALTER TABLE oidc_revocation ENABLE ROW LEVEL SECURITY;
ALTER TABLE oidc_revocation FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON oidc_revocation USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
