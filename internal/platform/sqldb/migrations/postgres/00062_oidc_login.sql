-- +goose Up
-- Who signs in where is the person's matter and no agency's: only the nation's
-- scope reaches these tables.
ALTER TABLE oidc_subject ENABLE ROW LEVEL SECURITY;
ALTER TABLE oidc_subject FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON oidc_subject USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

ALTER TABLE oidc_consent ENABLE ROW LEVEL SECURITY;
ALTER TABLE oidc_consent FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON oidc_consent USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

ALTER TABLE oidc_request ENABLE ROW LEVEL SECURITY;
ALTER TABLE oidc_request FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON oidc_request USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

ALTER TABLE oidc_login ENABLE ROW LEVEL SECURITY;
ALTER TABLE oidc_login FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON oidc_login USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
