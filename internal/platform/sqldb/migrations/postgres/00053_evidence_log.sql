-- +goose Up
-- The hub's own. No policy for DELETE: nobody removes a key.
ALTER TABLE evidence_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_log FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON evidence_log FOR SELECT USING (simpul_scope() = '*');
CREATE POLICY made ON evidence_log FOR INSERT WITH CHECK (simpul_scope() = '*');
CREATE POLICY noted ON evidence_log FOR UPDATE USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
