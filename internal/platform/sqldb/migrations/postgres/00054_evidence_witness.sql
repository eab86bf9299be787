-- +goose Up
-- What witnesses say is for everybody; only the hub itself writes it down.
ALTER TABLE evidence_cosignature ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_cosignature FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON evidence_cosignature USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
CREATE POLICY everyone ON evidence_cosignature FOR SELECT USING (true);

ALTER TABLE evidence_witness ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_witness FORCE ROW LEVEL SECURITY;
CREATE POLICY hub ON evidence_witness USING (simpul_scope() = '*') WITH CHECK (simpul_scope() = '*');
CREATE POLICY everyone ON evidence_witness FOR SELECT USING (true);
