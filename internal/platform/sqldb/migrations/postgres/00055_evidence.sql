-- +goose Up
-- Keys, and what was removed, are the hub's own matter.
ALTER TABLE evidence_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_key FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON evidence_key USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

ALTER TABLE evidence_key_end ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_key_end FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON evidence_key_end USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');

ALTER TABLE evidence_removal ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_removal FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON evidence_removal USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
